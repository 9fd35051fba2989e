"""SIM-n maps → the data set: filled, masked, flagged, with its uncertainty, described and published."""

if workflow.is_main_process:
    try:
        D.check_parent()
    except InputError as error:
        sys.exit(f"{error}\nNothing was run.")


if SCOPE.parent:

    rule take_over:
        input:
            release="<learnt>/product/release.json",
            networks=collect(
                "<learnt>/networks/{network}/{tile}.nc",
                network=D.networks_now(),
                tile=SCOPE.tiles,
            ),
            ranges=collect("<learnt>/ranges/{tile}.nc", tile=SCOPE.tiles),
            tables=[
                collect("<learnt>/held_out/{round}.nc", round=D.rounds),
                collect("<learnt>/maps/{map}/static.json", map=D.usual()),
                "<learnt>/product/derived/<prefix>_climatology.nc",
            ],
            calibration=D.calibration,
        output:
            "<results>/taken.json",
        log:
            "<logs>/take_over.log",
        benchmark:
            "<benchmarks>/take_over.tsv"
        conda:
            "../../../envs/rssm.yaml"
        resources:
            mem_mb=1000,
        params:
            spec=D.taken_spec,
            code=code("take-over"),
        shell:
            "rssm take-over --release {input.release:q} --networks {input.networks:q} --ranges {input.ranges:q}"
            " --tables {input.tables:q} --calibration {input.calibration:q} --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule snow_climatology:
    input:
        snow=collect("<results>/maps/{map_year}.json", map_year=D.snow_years()),
    output:
        maps=collect(
            "<results>/maps/SNOW-CLIMATOLOGY/SNOW-CLIMATOLOGY_{step}.tif",
            step=D.seasons(),
        ),
        index="<results>/maps/SNOW-CLIMATOLOGY/static.json",
    log:
        "<logs>/snow_climatology.log",
    benchmark:
        "<benchmarks>/snow_climatology.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.snow_spec,
        code=code("snow-climatology"),
    shell:
        "rssm snow-climatology --snow {input.snow:q} --spec {params.spec:q} --out {output.index:q} 2> {log:q}"


rule mean_year:
    input:
        maps=collect("<results>/maps/{map_year}.json", map_year=D.estimated_years()),
    output:
        maps=collect(
            "<results>/maps/MEAN-YEAR/MEAN-YEAR_{step}.tif",
            step=D.seasons(),
        ),
        index="<results>/maps/MEAN-YEAR/static.json",
    log:
        "<logs>/mean_year.log",
    benchmark:
        "<benchmarks>/mean_year.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.mean_year_spec,
        code=code("mean-year"),
    shell:
        "rssm mean-year --maps {input.maps:q} --spec {params.spec:q} --out {output.index:q} 2> {log:q}"


rule held_out_skill:
    input:
        estimates=collect(
            "<results>/{folder}/{{round}}/{tile}.nc",
            folder=D.estimates,
            tile=SCOPE.tiles,
        ),
        networks=collect(
            "<learnt>/networks/{network}/{tile}.nc",
            network=D.networks_of_round,
            tile=SCOPE.tiles,
        ),
        matched=collect("<learnt>/matched/{tile}.nc", tile=D.matched_tiles),
        land_cover=collect("<results>/maps/{map_year}.json", map_year=D.land_cover()),
        earlier=collect("<learnt>/held_out/{round}.nc", round=D.rounds_before),
    output:
        "<results>/held_out/{round}.nc",
    log:
        "<logs>/held_out_skill/{round}.log",
    benchmark:
        "<benchmarks>/held_out_skill/{round}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=D.skill_spec,
        code=code("held-out-skill"),
    shell:
        "rssm held-out-skill {wildcards.round:q} --joined {input.estimates:q} --networks {input.networks:q}"
        " --matched {input.matched:q} --land_cover {input.land_cover:q} --earlier {input.earlier:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule product_year:
    input:
        maps=collect("<results>/maps/{map_year}.json", map_year=D.year_maps),
        usual=collect("<learnt>/maps/{map}/static.json", map=D.usual),
        land_cover=collect("<results>/maps/{map_year}.json", map_year=D.land_cover()),
        skill=collect("<learnt>/held_out/{round}.nc", round=D.rounds_of_year),
        ranges=collect("<learnt>/ranges/{tile}.nc", tile=SCOPE.tiles),
        land="<results>/given/land.tif",
        calibration=D.calibration,
        extends=D.taken,
    output:
        index="<results>/product/geotiff/{year}.json",
        netcdf="<results>/product/netcdf/<prefix>_{year}.nc",
    log:
        "<logs>/product_year/{year}.log",
    benchmark:
        "<benchmarks>/product_year/{year}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.year_spec,
        code=code("product-year"),
    shell:
        "rssm product-year {wildcards.year:q} --maps {input.maps:q} {input.usual:q} {input.land_cover:q} --skill {input.skill:q} --ranges {input.ranges:q} --land {input.land:q}"
        " --calibration {input.calibration:q} --extends {input.extends:q}"
        " --spec {params.spec:q} --out {output.index:q} {output.netcdf:q} 2> {log:q}"


rule monthly:
    input:
        netcdf="<results>/product/netcdf/<prefix>_{year}.nc",
    output:
        "<results>/product/derived/<prefix>_monthly_{year}.nc",
    log:
        "<logs>/monthly/{year}.log",
    benchmark:
        "<benchmarks>/monthly/{year}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.file_spec("monthly"),
        code=code("monthly"),
    shell:
        "rssm monthly {wildcards.year:q} --netcdf {input.netcdf:q} --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule climatology:
    input:
        netcdf=collect("<results>/product/netcdf/<prefix>_{year}.nc", year=D.years),
    output:
        "<results>/product/derived/<prefix>_climatology.nc",
    log:
        "<logs>/climatology.log",
    benchmark:
        "<benchmarks>/climatology.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.climatology_spec,
        code=code("climatology"),
    shell:
        "rssm climatology --netcdf {input.netcdf:q} --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule anomaly:
    input:
        netcdf="<results>/product/netcdf/<prefix>_{year}.nc",
        base="<learnt>/product/derived/<prefix>_climatology.nc",
    output:
        "<results>/product/derived/<prefix>_anomaly_{year}.nc",
    log:
        "<logs>/anomaly/{year}.log",
    benchmark:
        "<benchmarks>/anomaly/{year}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.file_spec("anomaly"),
        code=code("anomaly"),
    shell:
        "rssm anomaly {wildcards.year:q} --netcdf {input.netcdf:q} --base {input.base:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule zarr:
    input:
        years=D.all_years,
        land="<results>/given/land.tif",
    output:
        maps=directory("<results>/product/zarr/maps.zarr"),
        points=directory("<results>/product/zarr/points.zarr"),
    log:
        "<logs>/zarr.log",
    benchmark:
        "<benchmarks>/zarr.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.file_spec("zarr"),
        code=code("zarr"),
    shell:
        "rssm zarr --years {input.years:q} --land {input.land:q} --spec {params.spec:q}"
        " --out {output.maps:q} {output.points:q} 2> {log:q}"


rule quicklook:
    input:
        netcdf="<results>/product/netcdf/<prefix>_{year}.nc",
        land="<results>/given/land.tif",
    output:
        "<results>/product/quicklook/<prefix>_{year}.png",
    log:
        "<logs>/quicklook/{year}.log",
    benchmark:
        "<benchmarks>/quicklook/{year}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.quicklook_spec(),
        code=code("quicklook"),
    shell:
        "rssm quicklook {wildcards.year:q} --netcdf {input.netcdf:q} --land {input.land:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule publish:
    input:
        years=collect("<results>/product/geotiff/{year}.json", year=D.years),
        derived=collect(
            "<results>/product/derived/<prefix>_{kind}_{year}.nc",
            kind=["monthly", "anomaly"],
            year=D.years,
        ),
        climatology=(
            [] if SCOPE.parent else "<results>/product/derived/<prefix>_climatology.nc"
        ),
        pictures=collect(
            "<results>/product/quicklook/<prefix>_{year}.png", year=D.years
        ),
        cubes=collect("<results>/product/zarr/{cube}.zarr", cube=D.cubes),
        learnt=collect(
            "<results>/product/derived/<prefix>_{kind}.nc", kind=D.learnt_maps
        ),
        skill=collect("<learnt>/held_out/{round}.nc", round=D.rounds),
        usual=collect("<learnt>/maps/{map}/static.json", map=D.usual()),
        ranges=collect("<learnt>/ranges/{tile}.nc", tile=SCOPE.tiles),
        calibration=D.calibration,
        extends=D.taken,
        guide="<results>/given/guide.md",
    output:
        "<results>/product/release.json",
    log:
        "<logs>/publish.log",
    benchmark:
        "<benchmarks>/publish.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=D.edition_spec,
        code=code("publish"),
    shell:
        "rssm publish --years {input.years:q} --files {input.derived:q} {input.climatology:q} {input.pictures:q} {input.cubes:q} {input.learnt:q}"
        " --skill {input.skill:q} --usual {input.usual:q}"
        " --ranges {input.ranges:q} --calibration {input.calibration:q} --extends {input.extends:q} --guide {input.guide:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule product:
    input:
        "<results>/product/release.json",
        "<results>/report/land_share.tsv",
