"""The skill of networks by cross-validation, apart from a run: nothing of a run depends on it."""


rule cross_validate:
    input:
        cubes=collect("<results>/cubes/{cube_tile}.nc", cube_tile=A.judged_cubes),
    output:
        "<results>/crossval/{network}.tsv",
    log:
        "<logs>/cross_validate/{network}.log",
    benchmark:
        "<benchmarks>/cross_validate/{network}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=A.crossval_spec,
        code=code("cross-validate"),
    shell:
        "rssm cross-validate {wildcards.network:q} --cubes {input.cubes:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule crossval:
    input:
        collect(
            "<results>/crossval/{network}.tsv",
            network=[network.name for network in SCOPE.networks],
        ),
