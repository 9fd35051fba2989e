"""The toy Earth's archive (demo and tests); archives of real products lie where inputs.root says."""

if SCOPE.run.toy:

    rule toy_archive:
        input:
            land="<results>/given/land.tif",
        output:
            f"{SCOPE.run.inputs.root}/{{product}}/{{year}}.json",
        log:
            "<logs>/toy_archive/{product}/{year}.log",
        benchmark:
            "<benchmarks>/toy_archive/{product}/{year}.tsv"
        conda:
            "../../envs/rssm.yaml"
        resources:
            mem_mb=1000,
        params:
            spec=W.toy_spec,
            code=code("toy-archive"),
        shell:
            "rssm toy-archive {wildcards.product:q} {wildcards.year:q} --land {input.land:q}"
            " --spec {params.spec:q} --out {output:q} 2> {log:q}"
