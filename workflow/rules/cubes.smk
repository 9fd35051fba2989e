"""Maps → cubes: all steps of one variable in one tile, land pixels only."""


rule series:
    input:
        indices=collect("<results>/maps/{map_year}.json", map_year=W.map_years),
        land="<results>/given/land.tif",
    output:
        "<results>/series/{variable}.json",
    log:
        "<logs>/series/{variable}.log",
    benchmark:
        "<benchmarks>/series/{variable}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=W.series_spec,
        code=code("series"),
    shell:
        "rssm series {wildcards.variable:q} --indices {input.indices:q} --land {input.land:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule cube:
    input:
        series="<results>/series/{variable}.json",
        kernels=ancient(W.kernels),
    output:
        passing(SCOPE.run.keep.cubes)("<results>/cubes/{variable}/{tile}.nc"),
    log:
        "<logs>/cube/{variable}/{tile}.log",
    benchmark:
        "<benchmarks>/cube/{variable}/{tile}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=W.cube_spec,
        code=code("cube"),
    shell:
        "rssm cube {wildcards.variable:q} {wildcards.tile:q} --series {input.series:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"
