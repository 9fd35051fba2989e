"""Cubes → subnetworks: every network × tile is a job of its own."""


rule kernels:
    output:
        "<results>/kernels.json",
    log:
        "<logs>/kernels.log",
    benchmark:
        "<benchmarks>/kernels.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=W.kernel_spec(),
        code=code("kernels"),
    shell:
        "rssm kernels --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule train:
    input:
        cubes=collect("<results>/cubes/{variable}/{{tile}}.nc", variable=W.learnt_from),
    output:
        "<results>/networks/{network}/{tile}.nc",
    log:
        "<logs>/train/{network}/{tile}.log",
    benchmark:
        "<benchmarks>/train/{network}/{tile}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1500 + 200 * (SCOPE.run.chains - 1),
    params:
        spec=W.train_spec,
        code=code("train"),
    shell:
        "rssm train {wildcards.network:q} {wildcards.tile:q} --cubes {input.cubes:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"
