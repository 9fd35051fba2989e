"""Targets → networks, layer by layer: each learns with what the layers above are simulated to be."""


rule somo_train:
    input:
        targets="<results>/targets/layer{layer}.nc",
        sites="<results>/sites.nc",
        above=collect("<results>/site_simulated/layer{upper}.nc", upper=W.above),
    output:
        "<results>/networks/layer{layer}/{member}.nc",
    log:
        "<logs>/somo_train/{layer}/{member}.log",
    benchmark:
        "<benchmarks>/somo_train/{layer}/{member}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=4000,
    params:
        spec=W.train_spec,
        code=W.code("somo-train"),
    shell:
        "rssm somo-train {wildcards.layer:q} {wildcards.member:q} --targets {input.targets:q} --sites {input.sites:q}"
        " --above {input.above:q} --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule somo_site_simulate:
    input:
        networks=collect(
            "<results>/networks/layer{{layer}}/{member}.nc", member=W.members
        ),
        sites="<results>/sites.nc",
        above=collect("<results>/site_simulated/layer{upper}.nc", upper=W.above),
    output:
        "<results>/site_simulated/layer{layer}.nc",
    log:
        "<logs>/somo_site_simulate/{layer}.log",
    benchmark:
        "<benchmarks>/somo_site_simulate/{layer}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=4000,
    params:
        spec=W.site_simulate_spec,
        code=W.code("somo-site-simulate"),
    shell:
        "rssm somo-site-simulate {wildcards.layer:q} --networks {input.networks:q} --sites {input.sites:q}"
        " --above {input.above:q} --spec {params.spec:q} --out {output:q} 2> {log:q}"
