"""What the run is, in two figures: products, rounds and substeps along time; the rules and what flows between them."""


rule timeline:
    input:
        archive="<results>/report/archive.tsv",
    output:
        report(
            "<results>/analysis/figures/timeline.svg",
            caption="../report/timeline.rst",
            category="Overview",
        ),
        "<results>/analysis/figures/timeline.png",
        "<results>/analysis/figures/timeline.csv",
    log:
        "<logs>/timeline.log",
    benchmark:
        "<benchmarks>/timeline.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=O.timeline_spec,
        code=code("timeline"),
    shell:
        "rssm timeline --archive {input.archive:q} --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule flow_chart:
    output:
        report(
            "<results>/analysis/figures/flow_chart.svg",
            caption="../report/flow_chart.rst",
            category="Overview",
        ),
        "<results>/analysis/figures/flow_chart.png",
        "<results>/analysis/figures/flow_chart.csv",
    log:
        "<logs>/flow_chart.log",
    benchmark:
        "<benchmarks>/flow_chart.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=O.flow_spec,
        code=code("flow-chart"),
    shell:
        "rssm flow-chart --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule overview:
    input:
        O.wanted,
