"""A toy Earth's run against its truth (demo and tests): no rule but this one may know the truth."""

if SCOPE.run.toy:

    rule skill:
        input:
            simulated=W.all_maps(),
            products=A.product_maps(),
            land=SCOPE.land,
        output:
            "results/rsssm/report/skill.csv",
        log:
            "logs/skill.log",
        benchmark:
            "benchmarks/skill.tsv"
        conda:
            "../../envs/rssm.yaml"
        resources:
            mem_mb=1000,
        params:
            spec=A.skill_spec(),
            code=W.code("run-skill"),
        shell:
            "rssm run-skill --simulated {input.simulated} --products {input.products} --land {input.land}"
            " --spec {params.spec:q} --out {output} 2> {log}"
