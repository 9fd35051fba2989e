"""Figures of validation: the article's 3 to 13 in kind, each as SVG and PNG with its data as CSV, of a map of fields as NetCDF."""


rule station_map:
    input:
        stations="<results>/validation/{depth}stations.nc",
        land="<results>/given/land.tif",
    output:
        report(
            "<results>/validation/{depth}figures/stations.svg",
            caption="../report/stations.rst",
            category="Validation",
        ),
        collect(
            "<results>/validation/{{depth}}figures/stations.{kind}", kind=V.data_kinds
        ),
    log:
        "<logs>/station_map/{depth}station_map.log",
    benchmark:
        "<benchmarks>/station_map/{depth}station_map.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=V.map_spec,
        code=V.code("station-map"),
    shell:
        "rssm station-map --stations {input.stations:q} --land {input.land:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule rival_figures:
    input:
        samples=V.two_samples,
        stations="<results>/validation/{depth}stations.nc",
        scores="<results>/validation/{depth}scores.nc",
    output:
        report(
            "<results>/validation/{depth}figures/scatter_{rival}.svg",
            caption="../report/scatter.rst",
            category="Validation",
            subcategory="{rival}",
        ),
        collect(
            "<results>/validation/{{depth}}figures/scatter_{{rival}}.{kind}",
            kind=V.data_kinds,
        ),
        report(
            "<results>/validation/{depth}figures/climate_{rival}.svg",
            caption="../report/climate.rst",
            category="Validation",
            subcategory="{rival}",
        ),
        collect(
            "<results>/validation/{{depth}}figures/climate_{{rival}}.{kind}",
            kind=V.data_kinds,
        ),
        report(
            "<results>/validation/{depth}figures/seasons_{rival}.svg",
            caption="../report/seasons.rst",
            category="Validation",
            subcategory="{rival}",
        ),
        collect(
            "<results>/validation/{{depth}}figures/seasons_{{rival}}.{kind}",
            kind=V.data_kinds,
        ),
        report(
            "<results>/validation/{depth}figures/years_{rival}.svg",
            caption="../report/years.rst",
            category="Validation",
            subcategory="{rival}",
        ),
        collect(
            "<results>/validation/{{depth}}figures/years_{{rival}}.{kind}",
            kind=V.data_kinds,
        ),
    log:
        "<logs>/rival_figures/{depth}{rival}.log",
    benchmark:
        "<benchmarks>/rival_figures/{depth}{rival}.tsv"
    wildcard_constraints:
        rival=V.compared,
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=V.figure_spec,
        code=V.code("rival-figures"),
    shell:
        "rssm rival-figures {wildcards.rival:q} --samples {input.samples:q} --stations {input.stations:q} --scores {input.scores:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule efficiency_figure:
    input:
        likeness="<results>/validation/efficiency.nc",
    output:
        report(
            "<results>/validation/figures/efficiency.svg",
            caption="../report/efficiency.rst",
            category="Validation",
        ),
        collect("<results>/validation/figures/efficiency.{kind}", kind=V.data_kinds),
    log:
        "<logs>/efficiency_figure.log",
    benchmark:
        "<benchmarks>/efficiency_figure.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=V.efficiency_spec,
        code=V.code("efficiency-figure"),
    shell:
        "rssm efficiency-figure --likeness {input.likeness:q} --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule coverage_figure:
    input:
        years=V.coverage_years,
    output:
        report(
            "<results>/validation/figures/coverage.svg",
            caption="../report/coverage.rst",
            category="Validation",
        ),
        collect("<results>/validation/figures/coverage.{kind}", kind=V.data_kinds),
    log:
        "<logs>/coverage_figure.log",
    benchmark:
        "<benchmarks>/coverage_figure.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=V.coverage_spec,
        code=V.code("coverage-figure"),
    shell:
        "rssm coverage-figure --years {input.years:q} --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule triple_map:
    input:
        tiles=V.triple_tiles,
        land="<results>/given/land.tif",
    output:
        report(
            "<results>/validation/figures/triple.svg",
            caption="../report/triple.rst",
            category="Validation",
        ),
        collect("<results>/validation/figures/triple.{kind}", kind=V.map_kinds),
    log:
        "<logs>/triple_map.log",
    benchmark:
        "<benchmarks>/triple_map.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=V.triple_map_spec,
        code=V.code("triple-map"),
    shell:
        "rssm triple-map --tiles {input.tiles:q} --land {input.land:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"
