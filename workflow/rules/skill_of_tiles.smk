"""A toy Earth's data set of tiles against its truth: no rule that learns or estimates knows the truth."""

if SCOPE.run.toy:

    rule tiled_skill:
        input:
            years=S.years,
            products=collect("<results>/maps/{map_year}.json", map_year=S.map_years()),
            land="<results>/given/land.tif",
        output:
            "<results>/report/skill.csv",
        log:
            "<logs>/tiled_skill.log",
        benchmark:
            "<benchmarks>/tiled_skill.tsv"
        conda:
            "../../envs/rssm.yaml"
        resources:
            mem_mb=2000,
        params:
            spec=S.spec,
            code=code("tiled-skill"),
        shell:
            "rssm tiled-skill --years {input.years:q} --products {input.products:q} --land {input.land:q}"
            " --spec {params.spec:q} --out {output:q} 2> {log:q}"

    rule skill:
        input:
            "<results>/report/skill.csv",
