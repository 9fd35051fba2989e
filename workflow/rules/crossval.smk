"""The skill of networks by cross-validation, apart from a run: nothing of a run depends on it."""


rule cross_validate:
    input:
        cubes=A.judged_cubes,
    output:
        "results/rsssm/crossval/{network}.tsv",
    log:
        "logs/cross_validate/{network}.log",
    benchmark:
        "benchmarks/cross_validate/{network}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=A.crossval_spec,
        code=W.code("crossval"),
    shell:
        "rssm crossval {wildcards.network} --cubes {input.cubes}"
        " --spec {params.spec:q} --out {output} 2> {log}"


rule crossval:
    input:
        A.crossvals(),
