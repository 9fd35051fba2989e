"""SIM-n maps → the data set: filled, masked, flagged, with its uncertainty, described and published."""

if workflow.is_main_process:
    try:
        D.check_parent(W.ranges(None))
    except InputError as error:
        sys.exit(f"{error}\nNothing was run.")


rule take_over:
    input:
        release=D.release,
        networks=D.frozen_networks,
        ranges=W.ranges,
        tables=D.frozen_tables,
        calibration=D.calibration,
    output:
        "results/rsssm/taken.json",
    log:
        "logs/take_over.log",
    benchmark:
        "benchmarks/take_over.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=D.taken_spec,
        code=W.code("take-over"),
    shell:
        "rssm take-over --release {input.release} --networks {input.networks} --ranges {input.ranges}"
        " --tables {input.tables} --calibration {input.calibration} --spec {params.spec:q} --out {output} 2> {log}"


rule usual_snow:
    input:
        snow=D.snow_years(),
    output:
        maps=expand(
            "results/rsssm/maps/SNOW-USUAL/SNOW-USUAL_{step}.tif", step=DEKADS_OF_YEAR
        ),
        index="results/rsssm/maps/SNOW-USUAL/static.json",
    log:
        "logs/usual_snow.log",
    benchmark:
        "benchmarks/usual_snow.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.snow_spec,
        code=W.code("usual-snow"),
    shell:
        "rssm usual-snow --snow {input.snow} --spec {params.spec:q} --out {output.index} 2> {log}"


rule network_skill:
    input:
        joined=W.joined,
        networks=D.networks,
        land_cover=D.land_cover,
        earlier=D.earlier_skills,
    output:
        "results/rsssm/skill/{round}.nc",
    log:
        "logs/network_skill/{round}.log",
    benchmark:
        "benchmarks/network_skill/{round}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=D.skill_spec,
        code=W.code("network-skill"),
    shell:
        "rssm network-skill {wildcards.round} --joined {input.joined} --networks {input.networks}"
        " --land_cover {input.land_cover} --earlier {input.earlier} --spec {params.spec:q} --out {output} 2> {log}"


rule product_year:
    input:
        maps=D.year_maps,
        skill=D.skills,
        ranges=W.ranges,
        land=SCOPE.land,
        calibration=D.calibration,
        extends=D.taken,
    output:
        index="results/rsssm/product/geotiff/{year}.json",
        netcdf="results/rsssm/product/netcdf/RSSSM_{year}.nc",
    log:
        "logs/product_year/{year}.log",
    benchmark:
        "benchmarks/product_year/{year}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.year_spec,
        code=W.code("product-year"),
    shell:
        "rssm product-year {wildcards.year} --maps {input.maps} --skill {input.skill} --ranges {input.ranges} --land {input.land}"
        " --calibration {input.calibration} --extends {input.extends}"
        " --spec {params.spec:q} --out {output.index} {output.netcdf} 2> {log}"


rule monthly:
    input:
        netcdf="results/rsssm/product/netcdf/RSSSM_{year}.nc",
    output:
        "results/rsssm/product/derived/RSSSM_monthly_{year}.nc",
    log:
        "logs/monthly/{year}.log",
    benchmark:
        "benchmarks/monthly/{year}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.layers_spec("derived"),
        code=W.code("derived"),
    shell:
        "rssm monthly {wildcards.year} --netcdf {input.netcdf} --spec {params.spec:q} --out {output} 2> {log}"


rule climatology:
    input:
        netcdf=expand("results/rsssm/product/netcdf/RSSSM_{year}.nc", year=D.years),
    output:
        "results/rsssm/product/derived/RSSSM_climatology.nc",
    log:
        "logs/climatology.log",
    benchmark:
        "benchmarks/climatology.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.layers_spec("derived"),
        code=W.code("derived"),
    shell:
        "rssm climatology --netcdf {input.netcdf} --spec {params.spec:q} --out {output} 2> {log}"


rule anomaly:
    input:
        netcdf="results/rsssm/product/netcdf/RSSSM_{year}.nc",
        base=D.climatology,
    output:
        "results/rsssm/product/derived/RSSSM_anomaly_{year}.nc",
    log:
        "logs/anomaly/{year}.log",
    benchmark:
        "benchmarks/anomaly/{year}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.layers_spec("derived"),
        code=W.code("derived"),
    shell:
        "rssm anomaly {wildcards.year} --netcdf {input.netcdf} --base {input.base}"
        " --spec {params.spec:q} --out {output} 2> {log}"


rule zarr:
    input:
        years=D.all_years,
        land=SCOPE.land,
    output:
        maps=directory("results/rsssm/product/zarr/maps.zarr"),
        points=directory("results/rsssm/product/zarr/points.zarr"),
    log:
        "logs/zarr.log",
    benchmark:
        "benchmarks/zarr.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.layers_spec("zarr"),
        code=W.code("zarr"),
    shell:
        "rssm zarr --years {input.years} --land {input.land} --spec {params.spec:q}"
        " --out {output.maps} {output.points} 2> {log}"


rule quicklook:
    input:
        netcdf="results/rsssm/product/netcdf/RSSSM_{year}.nc",
        land=SCOPE.land,
    output:
        "results/rsssm/product/quicklook/RSSSM_{year}.png",
    log:
        "logs/quicklook/{year}.log",
    benchmark:
        "benchmarks/quicklook/{year}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.layers_spec("quicklook"),
        code=W.code("quicklook"),
    shell:
        "rssm quicklook {wildcards.year} --netcdf {input.netcdf} --land {input.land}"
        " --spec {params.spec:q} --out {output} 2> {log}"


rule publish:
    input:
        years=expand("results/rsssm/product/geotiff/{year}.json", year=D.years),
        files=D.edition,
        skill=D.skills,
        usual=D.usual,
        ranges=W.ranges,
        calibration=D.calibration,
        extends=D.taken,
        guide=D.guide,
    output:
        "results/rsssm/product/release.json",
    log:
        "logs/publish.log",
    benchmark:
        "benchmarks/publish.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=D.edition_spec,
        code=W.code("publish"),
    shell:
        "rssm publish --years {input.years} --files {input.files} --skill {input.skill} --usual {input.usual}"
        " --ranges {input.ranges} --calibration {input.calibration} --extends {input.extends} --guide {input.guide}"
        " --spec {params.spec:q} --out {output} 2> {log}"


rule product:
    input:
        "results/rsssm/product/release.json",
