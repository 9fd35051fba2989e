"""What inputs contribute to networks, by the networks' own test with noise: part of `snakemake analysis`.

<results>/analysis/contributions/tiles/{tile}.tsv    every input of every network in the sampled zones of a tile
<results>/analysis/contributions/contributions.csv   means over zones, by network
"""


rule contribute:
    input:
        networks=CN.network_files,
        cubes=CN.cubes,
    output:
        "<results>/analysis/contributions/tiles/{tile}.tsv",
    log:
        "<logs>/contribute/{tile}.log",
    benchmark:
        "<benchmarks>/contribute/{tile}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=CN.tile_spec,
        code=code("contribute"),
    shell:
        "rssm contribute {wildcards.tile:q} --networks {input.networks:q} --cubes {input.cubes:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule contribution_table:
    input:
        tiles=CN.tile_tables,
    output:
        table="<results>/analysis/contributions/contributions.csv",
        page=report(
            "<results>/analysis/contributions/contributions.md",
            caption="../../report/contributions.rst",
            category="Contributions",
        ),
    log:
        "<logs>/contribution_table.log",
    benchmark:
        "<benchmarks>/contribution_table.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=CN.spec,
        code=code("contribution-table"),
    shell:
        "rssm contribution-table --tiles {input.tiles:q} --spec {params.spec:q} --out {output.table:q} {output.page:q} 2> {log:q}"


rule contribution_figure:
    input:
        table="<results>/analysis/contributions/contributions.csv",
    output:
        report(
            "<results>/analysis/contributions/figures/contributions.svg",
            caption="../../report/contribution_figure.rst",
            category="Contributions",
        ),
        "<results>/analysis/contributions/figures/contributions.png",
        "<results>/analysis/contributions/figures/contributions.csv",
    log:
        "<logs>/contribution_figure.log",
    benchmark:
        "<benchmarks>/contribution_figure.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=CN.spec,
        code=code("contribution-figure"),
    shell:
        "rssm contribution-figure --table {input.table:q} --spec {params.spec:q} --out {output:q} 2> {log:q}"
