"""The data set against stations, its rivals and its target; errors without any reference. `snakemake validation` makes all.

<results>/validation/stations.nc, used.tsv, dropped.tsv   what stations measured, as means of pixels and steps
<results>/validation/scores.nc, scores.md, *.csv          every score, and tables
<results>/validation/slopes.tsv, steps.tsv                drifts and steps of scores
<results>/validation/efficiency.tsv, triple.tsv           likeness to the target; triple collocation
<results>/validation/figures/                             SVG, PNG, and what they show as CSV

A data set of several depths of soil is held against stations depth by depth: {depth} is empty, or the folder of a deeper one.
"""


wildcard_constraints:
    depth=V.depth,


rule stations:
    input:
        toy=V.toy_stations,
        land="<results>/given/land.tif",
        maps=V.described,
        netcdf=V.netcdf,
    output:
        records="<results>/validation/{depth}stations.nc",
        used="<results>/validation/{depth}used.tsv",
        dropped="<results>/validation/{depth}dropped.tsv",
    log:
        "<logs>/stations/{depth}stations.log",
    benchmark:
        "<benchmarks>/stations/{depth}stations.tsv"
    conda:
        "../../envs/stations.yaml"
    resources:
        mem_mb=1500,
    params:
        ismn=V.ismn,
        csv=V.csv,
        files=V.station_files,
        spec=V.stations_spec,
        code=V.code("stations"),
    shell:
        "rssm stations --ismn {params.ismn:q} --csv {params.csv:q} --land {input.land:q} --maps {input.maps:q} --netcdf {input.netcdf:q}"
        " --spec {params.spec:q} --out {output.records:q} {output.used:q} {output.dropped:q} 2> {log:q}"


rule samples:
    input:
        maps=V.compared_files,
        stations="<results>/validation/{depth}stations.nc",
    output:
        "<results>/validation/{depth}samples/{compared}.nc",
    log:
        "<logs>/samples/{depth}{compared}.log",
    benchmark:
        "<benchmarks>/samples/{depth}{compared}.tsv"
    wildcard_constraints:
        compared=V.compared,
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=V.samples_spec,
        code=V.code("samples"),
    shell:
        "rssm samples {wildcards.compared:q} --maps {input.maps:q} --stations {input.stations:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule scores:
    input:
        samples=V.samples,
        stations="<results>/validation/{depth}stations.nc",
    output:
        "<results>/validation/{depth}scores.nc",
    log:
        "<logs>/scores/{depth}scores.log",
    benchmark:
        "<benchmarks>/scores/{depth}scores.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=V.scores_spec,
        code=V.code("scores"),
    shell:
        "rssm scores --samples {input.samples:q} --stations {input.stations:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule stability:
    input:
        scores="<results>/validation/{depth}scores.nc",
    output:
        slopes="<results>/validation/{depth}slopes.tsv",
        steps="<results>/validation/{depth}steps.tsv",
    log:
        "<logs>/stability/{depth}stability.log",
    benchmark:
        "<benchmarks>/stability/{depth}stability.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=V.scores_spec,
        code=V.code("stability"),
    shell:
        "rssm stability --scores {input.scores:q} --spec {params.spec:q} --out {output.slopes:q} {output.steps:q} 2> {log:q}"


rule score_tables:
    input:
        scores="<results>/validation/{depth}scores.nc",
        published="<results>/given/published.tsv",
    output:
        overall="<results>/validation/{depth}overall.csv",
        temporal="<results>/validation/{depth}temporal.csv",
        spatial="<results>/validation/{depth}spatial.csv",
        page="<results>/validation/{depth}scores.md",
    log:
        "<logs>/score_tables/{depth}score_tables.log",
    benchmark:
        "<benchmarks>/score_tables/{depth}score_tables.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=V.tables_spec,
        code=V.code("score-tables"),
    shell:
        "rssm score-tables --scores {input.scores:q} --published {input.published:q}"
        " --spec {params.spec:q} --out {output.overall:q} {output.temporal:q} {output.spatial:q} {output.page:q} 2> {log:q}"


rule efficiency:
    input:
        product=V.year_file,
        target=V.target_map,
    output:
        "<results>/validation/efficiency/{year}.nc",
    log:
        "<logs>/efficiency/{year}.log",
    benchmark:
        "<benchmarks>/efficiency/{year}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=V.efficiency_spec,
        code=V.code("efficiency"),
    shell:
        "rssm efficiency {wildcards.year:q} --product {input.product:q} --target {input.target:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule efficiency_table:
    input:
        years=V.efficiency_years,
    output:
        table="<results>/validation/efficiency.tsv",
        likeness="<results>/validation/efficiency.nc",
    log:
        "<logs>/efficiency_table.log",
    benchmark:
        "<benchmarks>/efficiency_table.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=V.efficiency_spec,
        code=V.code("efficiency-table"),
    shell:
        "rssm efficiency-table --years {input.years:q} --spec {params.spec:q} --out {output.table:q} {output.likeness:q} 2> {log:q}"


rule coverage:
    input:
        netcdf=V.year_file,
        maps=V.maps_of_year,
        land="<results>/given/land.tif",
    output:
        "<results>/validation/coverage/{year}.tsv",
    log:
        "<logs>/coverage/{year}.log",
    benchmark:
        "<benchmarks>/coverage/{year}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=V.coverage_spec,
        code=V.code("coverage"),
    shell:
        "rssm coverage {wildcards.year:q} --netcdf {input.netcdf:q} --maps {input.maps:q} --land {input.land:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule triple:
    input:
        first=V.triple_files,
        second=V.active_maps,
        third=V.model_maps,
        land="<results>/given/land.tif",
    output:
        "<results>/validation/triple/{tile}.nc",
    log:
        "<logs>/triple/{tile}.log",
    benchmark:
        "<benchmarks>/triple/{tile}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=V.triple_spec,
        code=V.code("triple"),
    shell:
        "rssm triple {wildcards.tile:q} --first {input.first:q} --second {input.second:q} --third {input.third:q} --land {input.land:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule triple_table:
    input:
        tiles=V.triple_tiles,
        land_cover=V.land_cover,
    output:
        "<results>/validation/triple.tsv",
    log:
        "<logs>/triple_table.log",
    benchmark:
        "<benchmarks>/triple_table.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=V.triple_spec,
        code=V.code("triple-table"),
    shell:
        "rssm triple-table --tiles {input.tiles:q} --land_cover {input.land_cover:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule validation:
    input:
        V.wanted,
