"""Native files → maps, a year of a product in a job; each map is an output of its own, and so is the year's index."""


rule composite:
    input:
        manifest=W.archive,
        porosity=W.porosity,
    output:
        maps=expand(
            "results/rsssm/maps/{{product}}/{{product}}_{{year}}{step}.tif",
            step=DEKADS_OF_YEAR,
        ),
        index="results/rsssm/maps/{product}/{year}.json",
    log:
        "logs/composite/{product}/{year}.log",
    benchmark:
        "benchmarks/composite/{product}/{year}.tsv"
    wildcard_constraints:
        product=W.products("dekad"),
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=W.map_spec,
        files=W.files,
        code=W.code("maps"),
    shell:
        "rssm maps {wildcards.product} {wildcards.year} --manifest {input.manifest} --porosity {input.porosity}"
        " --spec {params.spec:q} --out {output.index} 2> {log}"


use rule composite as monthly_factor with:
    output:
        maps=expand(
            "results/rsssm/maps/{{product}}/{{product}}_{{year}}{step}.tif",
            step=MONTHS_OF_YEAR,
        ),
        index="results/rsssm/maps/{product}/{year}.json",
    log:
        "logs/monthly_factor/{product}/{year}.log",
    benchmark:
        "benchmarks/monthly_factor/{product}/{year}.tsv"
    wildcard_constraints:
        product=W.products("month"),


use rule composite as yearly_factor with:
    output:
        maps="results/rsssm/maps/{product}/{product}_{year}.tif",
        index="results/rsssm/maps/{product}/{year}.json",
    log:
        "logs/yearly_factor/{product}/{year}.log",
    benchmark:
        "benchmarks/yearly_factor/{product}/{year}.tsv"
    wildcard_constraints:
        product=W.products("year", "static"),


rule archive_report:
    input:
        indices=A.product_years(),
    output:
        "results/rsssm/report/archive.tsv",
    log:
        "logs/archive_report.log",
    benchmark:
        "benchmarks/archive_report.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        code=W.code("archive-report"),
    shell:
        "rssm archive-report --indices {input.indices} --out {output} 2> {log}"
