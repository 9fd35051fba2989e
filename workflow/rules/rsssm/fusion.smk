"""All products matched to the target and fitted jointly with it, and the rounds fused with them (product.estimate: fused)."""

if F.wanted:

    rule match:
        input:
            cubes=collect("<results>/cubes/{variable}/{{tile}}.nc", variable=F.cubes),
            learnt=collect("<learnt>/matched/{tile}.nc", tile=F.frozen),
        output:
            "<results>/matched/{tile}.nc",
        log:
            "<logs>/match/{tile}.log",
        benchmark:
            "<benchmarks>/match/{tile}.tsv"
        conda:
            "../../../envs/rssm.yaml"
        resources:
            mem_mb=2000 + 150 * (SCOPE.run.chains - 1),
        params:
            spec=F.match_spec,
            code=code("match"),
        shell:
            "rssm match {wildcards.tile:q} --cubes {input.cubes:q} --learnt {input.learnt:q}"
            " --spec {params.spec:q} --out {output:q} 2> {log:q}"

    if F.fits_jointly:

        rule fit_joint:
            input:
                cubes=collect(
                    "<results>/cubes/{variable}/{{tile}}.nc", variable=F.fit_cubes
                ),
                learnt=collect("<learnt>/jointly/{tile}.nc", tile=F.frozen),
            output:
                "<results>/jointly/{tile}.nc",
            log:
                "<logs>/fit_joint/{tile}.log",
            benchmark:
                "<benchmarks>/fit_joint/{tile}.tsv"
            conda:
                "../../../envs/rssm.yaml"
            resources:
                mem_mb=1000,
            params:
                spec=F.fit_spec,
                code=code("fit-joint"),
            shell:
                "rssm fit-joint {wildcards.tile:q} --cubes {input.cubes:q} --learnt {input.learnt:q}"
                " --spec {params.spec:q} --out {output:q} 2> {log:q}"

    rule fuse:
        input:
            joined=collect("<results>/joined/{round}/{{tile}}.nc", round=F.rounds),
            matched="<results>/matched/{tile}.nc",
            fitted=collect("<results>/jointly/{tile}.nc", tile=F.fitted),
            learnt=collect("<learnt>/fusion/{tile}.nc", tile=F.frozen),
        output:
            rounds=collect("<results>/fused/{round}/{{tile}}.nc", round=F.rounds),
            learnt="<results>/fusion/{tile}.nc",
        log:
            "<logs>/fuse/{tile}.log",
        benchmark:
            "<benchmarks>/fuse/{tile}.tsv"
        conda:
            "../../../envs/rssm.yaml"
        resources:
            mem_mb=2000 + 300 * (SCOPE.run.chains - 1),
        params:
            spec=F.fuse_spec,
            code=code("fuse"),
        shell:
            "rssm fuse {wildcards.tile:q} --joined {input.joined:q} --matched {input.matched:q}"
            " --fitted {input.fitted:q} --learnt {input.learnt:q} --spec {params.spec:q} --out {output.rounds:q} {output.learnt:q} 2> {log:q}"

    use rule mosaic as mosaic_fused with:
        input:
            tiles=collect("<results>/fused/{{round}}/{tile}.nc", tile=SCOPE.tiles),
        output:
            maps=collect(
                "<results>/maps/FUSED-{{round}}/FUSED-{{round}}_{{year}}{step}.tif",
                step=W.steps_of_year("dekad"),
            ),
            index="<results>/maps/FUSED-{round}/{year}.json",
        log:
            "<logs>/mosaic_fused/{round}/{year}.log",
        benchmark:
            "<benchmarks>/mosaic_fused/{round}/{year}.tsv"
        params:
            spec=F.mosaic_spec,
            code=code("mosaic"),

    rule by_zone:
        input:
            matched=collect("<results>/matched/{tile}.nc", tile=SCOPE.tiles),
            fitted=collect("<results>/jointly/{tile}.nc", tile=F.fitted_tiles),
            learnt=collect("<results>/fusion/{tile}.nc", tile=SCOPE.tiles),
        output:
            "<results>/product/derived/<prefix>_fusion.nc",
        log:
            "<logs>/by_zone.log",
        benchmark:
            "<benchmarks>/by_zone.tsv"
        conda:
            "../../../envs/rssm.yaml"
        resources:
            mem_mb=1000,
        params:
            code=code("by-zone"),
        shell:
            "rssm by-zone --matched {input.matched:q} --fitted {input.fitted:q} --learnt {input.learnt:q}"
            " --out {output:q} 2> {log:q}"
