"""Estimates of tiles → the data set of any method: years, what follows from them, described and published.

The method's file says what D is: its own `rssm.workflow.tiled.Tiled`.
"""

if workflow.is_main_process:
    try:
        D.check_parent()
    except InputError as error:
        sys.exit(f"{error}\nNothing was run.")


pathvars:
    learnt=SCOPE.learnt.results,


wildcard_constraints:
    table=D.any_table,


if SCOPE.parent:

    rule take_over:
        input:
            release="<learnt>/product/release.json",
            tables=[
                D.learnt(),
                collect(
                    "<learnt>/product/derived/{table}_climatology.nc", table=D.tables
                ),
            ],
        output:
            "<results>/taken.json",
        log:
            "<logs>/take_over.log",
        benchmark:
            "<benchmarks>/take_over.tsv"
        conda:
            "../../envs/rssm.yaml"
        resources:
            mem_mb=1000,
        params:
            spec=D.taken_spec,
            code=code("take-over"),
        shell:
            "rssm take-over --release {input.release:q} --tables {input.tables:q}"
            " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule tiled_year:
    input:
        estimates=D.estimates_of,
        learnt=D.learnt,
        land="<results>/given/land.tif",
        extends=D.taken,
    output:
        index="<results>/product/geotiff/{table}_{year}.json",
        netcdf="<results>/product/netcdf/{table}_{year}.nc",
    log:
        "<logs>/tiled_year/{table}_{year}.log",
    benchmark:
        "<benchmarks>/tiled_year/{table}_{year}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.year_spec,
        code=code("tiled-year"),
    shell:
        "rssm tiled-year {wildcards.table:q} {wildcards.year:q} --estimates {input.estimates:q} --learnt {input.learnt:q}"
        " --land {input.land:q} --extends {input.extends:q} --spec {params.spec:q}"
        " --out {output.index:q} {output.netcdf:q} 2> {log:q}"


rule monthly:
    input:
        netcdf="<results>/product/netcdf/{table}_{year}.nc",
    output:
        "<results>/product/derived/{table}_monthly_{year}.nc",
    log:
        "<logs>/monthly/{table}_{year}.log",
    benchmark:
        "<benchmarks>/monthly/{table}_{year}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.file_spec("monthly"),
        code=code("monthly"),
    shell:
        "rssm monthly {wildcards.year:q} --netcdf {input.netcdf:q} --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule monthly_geotiff:
    input:
        netcdf="<results>/product/derived/{table}_monthly_{year}.nc",
    output:
        "<results>/product/geotiff/{table}_monthly_{year}.json",
    log:
        "<logs>/monthly_geotiff/{table}_{year}.log",
    benchmark:
        "<benchmarks>/monthly_geotiff/{table}_{year}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.file_spec("monthly-geotiff"),
        code=code("monthly-geotiff"),
    shell:
        "rssm monthly-geotiff {wildcards.table:q} {wildcards.year:q} --netcdf {input.netcdf:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule climatology:
    input:
        netcdf=collect("<results>/product/netcdf/{{table}}_{year}.nc", year=D.years),
    output:
        "<results>/product/derived/{table}_climatology.nc",
    log:
        "<logs>/climatology/{table}.log",
    benchmark:
        "<benchmarks>/climatology/{table}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.climatology_spec,
        code=code("climatology"),
    shell:
        "rssm climatology --netcdf {input.netcdf:q} --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule anomaly:
    input:
        netcdf="<results>/product/netcdf/{table}_{year}.nc",
        base="<learnt>/product/derived/{table}_climatology.nc",
    output:
        "<results>/product/derived/{table}_anomaly_{year}.nc",
    log:
        "<logs>/anomaly/{table}_{year}.log",
    benchmark:
        "<benchmarks>/anomaly/{table}_{year}.tsv"
    conda:
        "../../envs/rssm.yaml"
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
        maps=directory("<results>/product/zarr/{table}/maps.zarr"),
        points=directory("<results>/product/zarr/{table}/points.zarr"),
    log:
        "<logs>/zarr/{table}.log",
    benchmark:
        "<benchmarks>/zarr/{table}.tsv"
    conda:
        "../../envs/rssm.yaml"
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
        netcdf="<results>/product/netcdf/{table}_{year}.nc",
        land="<results>/given/land.tif",
    output:
        "<results>/product/quicklook/{table}_{year}.png",
    log:
        "<logs>/quicklook/{table}_{year}.log",
    benchmark:
        "<benchmarks>/quicklook/{table}_{year}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=D.quicklook_spec,
        code=code("quicklook"),
    shell:
        "rssm quicklook {wildcards.year:q} --netcdf {input.netcdf:q} --land {input.land:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule publish:
    input:
        years=collect(
            "<results>/product/geotiff/{table}_{year}.json",
            table=D.tables,
            year=D.years,
        ),
        maps=collect(
            "<results>/product/geotiff/{table}_monthly_{year}.json",
            table=D.monthly_tables,
            year=D.years,
        ),
        derived=collect(
            "<results>/product/derived/{table}_{kind}_{year}.nc",
            table=D.tables,
            kind=["monthly", "anomaly"],
            year=D.years,
        ),
        climatology=(
            []
            if SCOPE.parent
            else collect(
                "<results>/product/derived/{table}_climatology.nc", table=D.tables
            )
        ),
        pictures=collect(
            "<results>/product/quicklook/{table}_{year}.png",
            table=D.tables,
            year=D.years,
        ),
        cubes=collect(
            "<results>/product/zarr/{table}/{cube}.zarr", table=D.tables, cube=D.cubes
        ),
        learnt=D.learnt,
        extends=D.taken,
    output:
        "<results>/product/release.json",
    log:
        "<logs>/publish.log",
    benchmark:
        "<benchmarks>/publish.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=D.edition_spec,
        code=code("publish"),
    shell:
        "rssm publish --years {input.years:q} --maps {input.maps:q}"
        " --files {input.derived:q} {input.climatology:q} {input.pictures:q} {input.cubes:q}"
        " --learnt {input.learnt:q} --extends {input.extends:q} --spec {params.spec:q} --out {output:q} 2> {log:q}"


# A data set without any value is refused here, so that no run of nothing ends as a success.
rule land_share:
    input:
        indices=collect("<results>/maps/{map_year}.json", map_year=W.native_map_years()),
        simulated=collect(
            "<results>/product/geotiff/{table}_{year}.json",
            table=D.tables,
            year=D.years,
        ),
    output:
        "<results>/report/land_share.tsv",
    log:
        "<logs>/land_share.log",
    benchmark:
        "<benchmarks>/land_share.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=D.share_spec,
        code=code("land-share"),
    shell:
        "rssm land-share --indices {input.indices:q} --simulated {input.simulated:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule product:
    input:
        "<results>/product/release.json",
        "<results>/report/land_share.tsv",
