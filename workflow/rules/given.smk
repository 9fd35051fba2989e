"""Land mask, guide, tables that are shipped or named by the configuration: copied, so that paths do not say where they lie."""


rule given:
    output:
        "<results>/given/{given}",
    log:
        "<logs>/given/{given}.log",
    benchmark:
        "<benchmarks>/given/{given}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        source=W.given_source,
        digest=W.given_digest,
        code=code("given"),
    shell:
        "rssm given {wildcards.given:q} --source {params.source:q} --out {output:q} 2> {log:q}"
