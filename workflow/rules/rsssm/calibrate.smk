"""Stated uncertainty calibrated on held-out years of the target (product.uncertainty.calibration: held_out)."""

if C.wanted:

    rule calibrate:
        input:
            maps=collect("<results>/maps/{map_year}.json", map_year=C.maps()),
            skill=collect("<results>/held_out/{round}.nc", round=C.rounds),
        output:
            SCOPE.calibration,
        log:
            "<logs>/calibrate.log",
        benchmark:
            "<benchmarks>/calibrate.tsv"
        conda:
            "../../../envs/rssm.yaml"
        resources:
            mem_mb=2000,
        params:
            spec=C.spec,
            code=code("calibrate"),
        shell:
            "rssm calibrate --maps {input.maps:q} --skill {input.skill:q}"
            " --spec {params.spec:q} --out {output:q} 2> {log:q}"
