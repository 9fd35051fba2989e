"""Figures of analysis: the article's 14 and 15, and those of its supplement, in kind."""


rule mean_map:
    input:
        means=AN.all_means,
        difference=AN.difference,
        land="<results>/given/land.tif",
    output:
        report(
            "<results>/analysis/figures/mean.svg",
            caption="../report/mean.rst",
            category="Analysis",
        ),
        collect("<results>/analysis/figures/mean.{kind}", kind=["png", "nc"]),
    log:
        "<logs>/mean_map.log",
    benchmark:
        "<benchmarks>/mean_map.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=AN.figure_spec,
        code=AN.code("mean-map"),
    shell:
        "rssm mean-map --means {input.means:q} --difference {input.difference:q} --land {input.land:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule month_maps:
    input:
        means=AN.means_of_ours,
        land="<results>/given/land.tif",
    output:
        report(
            "<results>/analysis/figures/months.svg",
            caption="../report/months.rst",
            category="Analysis",
        ),
        collect("<results>/analysis/figures/months.{kind}", kind=["png", "nc"]),
    log:
        "<logs>/month_maps.log",
    benchmark:
        "<benchmarks>/month_maps.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=AN.figure_spec,
        code=AN.code("month-maps"),
    shell:
        "rssm month-maps --means {input.means:q} --land {input.land:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule latitude_profiles:
    input:
        means=AN.all_means,
    output:
        report(
            "<results>/analysis/figures/latitudes.svg",
            caption="../report/latitudes.rst",
            category="Analysis",
        ),
        collect("<results>/analysis/figures/latitudes.{kind}", kind=["png", "csv"]),
    log:
        "<logs>/latitude_profiles.log",
    benchmark:
        "<benchmarks>/latitude_profiles.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=AN.figure_spec,
        code=AN.code("latitude-profiles"),
    shell:
        "rssm latitude-profiles --means {input.means:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule series_figure:
    input:
        means=AN.all_means,
        trends=AN.all_trends,
    output:
        report(
            "<results>/analysis/figures/series.svg",
            caption="../report/series.rst",
            category="Analysis",
        ),
        collect("<results>/analysis/figures/series.{kind}", kind=["png", "csv"]),
    log:
        "<logs>/series_figure.log",
    benchmark:
        "<benchmarks>/series_figure.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=AN.figure_spec,
        code=AN.code("series-figure"),
    shell:
        "rssm series-figure --means {input.means:q} --trends {input.trends:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule trend_map:
    input:
        trends=AN.all_trends,
        difference=AN.difference,
        land="<results>/given/land.tif",
    output:
        report(
            "<results>/analysis/figures/trend.svg",
            caption="../report/trend.rst",
            category="Analysis",
        ),
        collect("<results>/analysis/figures/trend.{kind}", kind=["png", "nc"]),
    log:
        "<logs>/trend_map.log",
    benchmark:
        "<benchmarks>/trend_map.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=AN.figure_spec,
        code=AN.code("trend-map"),
    shell:
        "rssm trend-map --trends {input.trends:q} --difference {input.difference:q} --land {input.land:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule peak_maps:
    input:
        season="<results>/analysis/season.nc",
    output:
        report(
            "<results>/analysis/figures/peaks.svg",
            caption="../report/peaks.rst",
            category="Analysis",
        ),
        collect("<results>/analysis/figures/peaks.{kind}", kind=["png", "nc"]),
    log:
        "<logs>/peak_maps.log",
    benchmark:
        "<benchmarks>/peak_maps.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=AN.figure_spec,
        code=AN.code("peak-maps"),
    shell:
        "rssm peak-maps --season {input.season:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule range_maps:
    input:
        season="<results>/analysis/season.nc",
    output:
        report(
            "<results>/analysis/figures/range.svg",
            caption="../report/range.rst",
            category="Analysis",
        ),
        collect("<results>/analysis/figures/range.{kind}", kind=["png", "nc"]),
    log:
        "<logs>/range_maps.log",
    benchmark:
        "<benchmarks>/range_maps.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=AN.figure_spec,
        code=AN.code("range-maps"),
    shell:
        "rssm range-maps --season {input.season:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule rain_maps:
    input:
        season="<results>/analysis/season.nc",
    output:
        report(
            "<results>/analysis/figures/precipitation.svg",
            caption="../report/precipitation.rst",
            category="Analysis",
        ),
        collect("<results>/analysis/figures/precipitation.{kind}", kind=["png", "nc"]),
    log:
        "<logs>/rain_maps.log",
    benchmark:
        "<benchmarks>/rain_maps.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=AN.figure_spec,
        code=AN.code("rain-maps"),
    shell:
        "rssm rain-maps --season {input.season:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule correlation_maps:
    input:
        season="<results>/analysis/season.nc",
    output:
        report(
            "<results>/analysis/figures/correlation.svg",
            caption="../report/correlation.rst",
            category="Analysis",
        ),
        collect("<results>/analysis/figures/correlation.{kind}", kind=["png", "nc"]),
    log:
        "<logs>/correlation_maps.log",
    benchmark:
        "<benchmarks>/correlation_maps.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=AN.figure_spec,
        code=AN.code("correlation-maps"),
    shell:
        "rssm correlation-maps --season {input.season:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule delay_map:
    input:
        season="<results>/analysis/season.nc",
    output:
        report(
            "<results>/analysis/figures/delay.svg",
            caption="../report/delay.rst",
            category="Analysis",
        ),
        collect("<results>/analysis/figures/delay.{kind}", kind=["png", "nc"]),
    log:
        "<logs>/delay_map.log",
    benchmark:
        "<benchmarks>/delay_map.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=AN.figure_spec,
        code=AN.code("delay-map"),
    shell:
        "rssm delay-map --season {input.season:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"
