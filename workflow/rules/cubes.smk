"""Maps → cubes: all dekads of one variable in one tile, land pixels only."""


rule series:
    input:
        indices=W.indices,
        land=SCOPE.land,
    output:
        "results/rsssm/series/{variable}.json",
    log:
        "logs/series/{variable}.log",
    benchmark:
        "benchmarks/series/{variable}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=W.series_spec,
        code=W.code("series"),
    shell:
        "rssm series {wildcards.variable} --indices {input.indices} --land {input.land}"
        " --spec {params.spec:q} --out {output} 2> {log}"


rule cube:
    input:
        series="results/rsssm/series/{variable}.json",
        kernels=ancient(W.kernels),
    output:
        passing(SCOPE.run.keep.cubes)("results/rsssm/cubes/{variable}/{tile}.nc"),
    log:
        "logs/cube/{variable}/{tile}.log",
    benchmark:
        "benchmarks/cube/{variable}/{tile}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=W.cube_spec,
        code=W.code("cube"),
    shell:
        "rssm cube {wildcards.variable} {wildcards.tile} --series {input.series}"
        " --spec {params.spec:q} --out {output} 2> {log}"


rule target_range:
    input:
        cubes=W.range_cubes,
    output:
        "results/rsssm/ranges/{tile}.nc",
    log:
        "logs/target_range/{tile}.log",
    benchmark:
        "benchmarks/target_range/{tile}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=W.range_spec,
        code=W.code("range"),
    shell:
        "rssm range {wildcards.tile} --cubes {input.cubes} --spec {params.spec:q} --out {output} 2> {log}"
