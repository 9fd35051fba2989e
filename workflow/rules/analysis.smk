"""Means, series, trends and seasons of the data set, beside a reference and precipitation. `snakemake analysis` makes all.

<results>/analysis/years/{analysed}/{year}.nc   a year of a product, reduced: monthly means, sums of regions, 0.5° cells
<results>/analysis/means/{analysed}.nc          all years: maps, profiles over latitude, series of regions, anomalies
<results>/analysis/trends/{analysed}.nc         trends of pixels and regions
<results>/analysis/difference.nc                the data set less the reference
<results>/analysis/season.nc                    the mean year of 0.5° cells
<results>/analysis/analysis.md, *.csv           tables
<results>/analysis/figures/                     SVG, PNG, and what they show as CSV or, of maps, NetCDF
"""


rule year_sums:
    input:
        maps=AN.maps_of_year,
        land="<results>/given/land.tif",
        climate=AN.climate,
    output:
        "<results>/analysis/years/{analysed}/{year}.nc",
    log:
        "<logs>/year_sums/{analysed}/{year}.log",
    benchmark:
        "<benchmarks>/year_sums/{analysed}/{year}.tsv"
    wildcard_constraints:
        analysed=AN.analysed,
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=AN.year_spec,
        code=AN.code("year-sums"),
    shell:
        "rssm year-sums {wildcards.analysed:q} {wildcards.year:q} --maps {input.maps:q} --land {input.land:q} --climate {input.climate:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule means:
    input:
        years=AN.years,
    output:
        "<results>/analysis/means/{analysed}.nc",
    log:
        "<logs>/means/{analysed}.log",
    benchmark:
        "<benchmarks>/means/{analysed}.tsv"
    wildcard_constraints:
        analysed=AN.analysed,
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=AN.means_spec,
        code=AN.code("means"),
    shell:
        "rssm means --years {input.years:q} --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule trends:
    input:
        means="<results>/analysis/means/{analysed}.nc",
    output:
        "<results>/analysis/trends/{analysed}.nc",
    log:
        "<logs>/trends/{analysed}.log",
    benchmark:
        "<benchmarks>/trends/{analysed}.tsv"
    wildcard_constraints:
        analysed=AN.analysed,
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=AN.trend_spec,
        code=AN.code("trends"),
    shell:
        "rssm trends --means {input.means:q} --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule difference:
    input:
        ours=AN.means_of_ours,
        theirs=AN.means_of_reference,
    output:
        "<results>/analysis/difference.nc",
    log:
        "<logs>/difference.log",
    benchmark:
        "<benchmarks>/difference.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=AN.trend_spec,
        code=AN.code("difference"),
    shell:
        "rssm difference --ours {input.ours:q} --theirs {input.theirs:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule season:
    input:
        moisture=AN.moisture_years,
        precipitation=AN.rain_years,
        land="<results>/given/land.tif",
        climate=AN.climate,
    output:
        "<results>/analysis/season.nc",
    log:
        "<logs>/season.log",
    benchmark:
        "<benchmarks>/season.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=AN.season_spec,
        code=AN.code("season"),
    shell:
        "rssm season --moisture {input.moisture:q} --precipitation {input.precipitation:q} --land {input.land:q} --climate {input.climate:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule analysis_tables:
    input:
        means=AN.all_means,
        trends=AN.all_trends,
        difference=AN.difference,
        season=AN.season,
    output:
        collect("<results>/analysis/{table}.csv", table=AN.tables),
        "<results>/analysis/analysis.md",
    log:
        "<logs>/analysis_tables.log",
    benchmark:
        "<benchmarks>/analysis_tables.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=AN.tables_spec,
        code=AN.code("analysis-tables"),
    shell:
        "rssm analysis-tables --means {input.means:q} --trends {input.trends:q} --difference {input.difference:q} --season {input.season:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule analysis:
    input:
        *(part.wanted for part in ANALYSIS),  # means and seasons, and what the method has beside them
