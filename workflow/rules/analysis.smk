"""Means, series, trends and seasons of the data set, beside a reference and precipitation. `snakemake analysis` makes all.

<results>/analysis/years/{analysed}/{year}.nc   a year of a product, reduced: monthly means, sums of regions, 0.5° cells
<results>/analysis/means/{analysed}.nc          all years: maps, profiles over latitude, series of regions, anomalies
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


rule analysis:
    input:
        *ANALYSIS_WANTED,  # what the method has beside means and seasons
