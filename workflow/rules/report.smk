"""One HTML file that shows what was run and what came out. `snakemake report` makes it and all that it shows.

<results>/report/years/{year}.json   a year's maps, small enough for a page
<results>/report.html                the report: opens from disk, asks no server
"""


rule report_year:
    input:
        netcdf=R.year_file,
        land="<results>/given/land.tif",
    output:
        "<results>/report/years/{year}.json",
    log:
        "<logs>/report_year/{year}.log",
    benchmark:
        "<benchmarks>/report_year/{year}.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        spec=R.pack_spec,
        code=R.code("report-year"),
    shell:
        "rssm report-year {wildcards.year:q} --netcdf {input.netcdf:q} --land {input.land:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule report:
    input:
        years=R.years,
        land="<results>/given/land.tif",
        tables=R.tables,
        data_set=R.data_set,
        validation=R.validation,
        analysis=R.analysis,
    output:
        "<results>/report.html",
    log:
        "<logs>/report.log",
    benchmark:
        "<benchmarks>/report.tsv"
    conda:
        "../../envs/rssm.yaml"
    resources:
        mem_mb=1500,
    params:
        captions=R.captions,
        benchmarks=workflow.pathvars.apply("<benchmarks>"),
        page=R.page,
        spec=R.spec,
        code=R.code("report"),
    shell:
        "rssm report --years {input.years:q} --land {input.land:q} --tables {input.tables:q} --data_set {input.data_set:q}"
        " --validation {input.validation:q} --analysis {input.analysis:q} --captions {params.captions:q} --benchmarks {params.benchmarks:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"
