"""Native files → maps, a year of a product in a job; each file of maps is an output of its own, and so is the year's index."""


rule ingest:
    input:
        manifest=W.toy_manifest,
        porosity=collect("<results>/maps/{variable}/static.json", variable=W.porosity),
        land="<results>/given/land.tif",
    output:
        maps=collect(
            "<results>/maps/{{product}}/{{product}}_{{year}}{step}.tif",
            step=W.steps_of_year("dekad"),
        ),
        index="<results>/maps/{product}/{year}.json",
    log:
        "<logs>/ingest/{product}/{year}.log",
    benchmark:
        "<benchmarks>/ingest/{product}/{year}.tsv"
    wildcard_constraints:
        product=W.products("dekad"),
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=W.ingest_spec,
        catalogue=W.catalogue,  # only for what errors call the product
        files=W.files,
        code=code("ingest"),
    shell:
        "rssm ingest {wildcards.product:q} {wildcards.year:q} --manifest {input.manifest:q} --porosity {input.porosity:q}"
        " --land {input.land:q} --catalogue {params.catalogue:q}"
        " --spec {params.spec:q} --out {output.index:q} 2> {log:q}"


use rule ingest as ingest_months with:
    output:
        maps=collect(
            "<results>/maps/{{product}}/{{product}}_{{year}}{step}.tif",
            step=W.steps_of_year("month"),
        ),
        index="<results>/maps/{product}/{year}.json",
    log:
        "<logs>/ingest_months/{product}/{year}.log",
    benchmark:
        "<benchmarks>/ingest_months/{product}/{year}.tsv"
    wildcard_constraints:
        product=W.products("month"),


# A map a year, one for all time, or the maps of a year as layers of one file (catalogue: maps_in).
use rule ingest as ingest_years with:
    output:
        maps="<results>/maps/{product}/{product}_{year}.tif",
        index="<results>/maps/{product}/{year}.json",
    log:
        "<logs>/ingest_years/{product}/{year}.log",
    benchmark:
        "<benchmarks>/ingest_years/{product}/{year}.tsv"
    wildcard_constraints:
        product=W.products_of_one_file(),


rule derive:
    input:
        sources=collect("<results>/maps/{map_year}.json", map_year=W.sources),
        land="<results>/given/land.tif",
    output:
        maps="<results>/maps/{product}/{product}_{year}.tif",
        index="<results>/maps/{product}/{year}.json",
    log:
        "<logs>/derive/{product}/{year}.log",
    benchmark:
        "<benchmarks>/derive/{product}/{year}.tsv"
    wildcard_constraints:
        product=W.derived_products(),
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=W.derive_spec,
        code=code("derive"),
    shell:
        "rssm derive {wildcards.product:q} {wildcards.year:q} --sources {input.sources:q} --land {input.land:q}"
        " --spec {params.spec:q} --out {output.index:q} 2> {log:q}"


rule archive_report:
    input:
        indices=collect("<results>/maps/{map_year}.json", map_year=W.native_map_years()),
    output:
        "<results>/report/archive.tsv",
    log:
        "<logs>/archive_report.log",
    benchmark:
        "<benchmarks>/archive_report.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        code=code("archive-report"),
    shell:
        "rssm archive-report --indices {input.indices:q} --out {output:q} 2> {log:q}"
