"""A toy Earth's run against its truth (demo and tests): no rule that learns or estimates knows the truth."""

if SCOPE.run.toy:

    rule skill:
        input:
            simulated=collect("<results>/maps/{map_year}.json", map_year=MAPS_WANTED),
            products=collect(
                "<results>/maps/{map_year}.json", map_year=A.seen_map_years()
            ),
            land="<results>/given/land.tif",
        output:
            "<results>/report/skill.csv",
        log:
            "<logs>/skill.log",
        benchmark:
            "<benchmarks>/skill.tsv"
        conda:
            "../../../envs/rssm.yaml"
        resources:
            mem_mb=1000,
        params:
            spec=A.skill_spec(),
            code=code("skill"),
        shell:
            "rssm skill --simulated {input.simulated:q} --products {input.products:q} --land {input.land:q}"
            " --spec {params.spec:q} --out {output:q} 2> {log:q}"
