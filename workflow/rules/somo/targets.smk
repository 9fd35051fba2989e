"""Stations → daily means of sensors, network by network → targets of each layer; and what forcing was where they are."""


rule somo_records:
    input:
        toy=W.toy_archives,
    output:
        records="<results>/stations/{part}.nc",
        dropped="<results>/stations/{part}_dropped.tsv",
    log:
        "<logs>/somo_records/{part}.log",
    benchmark:
        "<benchmarks>/somo_records/{part}.tsv"
    conda:
        "../../../envs/stations.yaml"
    resources:
        mem_mb=2000,
    params:
        ismn=W.archives("ismn"),
        csv=W.archives("csv"),
        cemaden=W.archives("cemaden"),
        files=W.station_files,
        spec=W.records_spec,
        code=W.code("somo-records"),
    shell:
        "rssm somo-records {wildcards.part:q} --ismn {params.ismn:q} --csv {params.csv:q} --cemaden {params.cemaden:q}"
        " --spec {params.spec:q} --out {output.records:q} {output.dropped:q} 2> {log:q}"


rule somo_stations:
    input:
        records=W.records,
        dropped=W.dropped,
    output:
        records="<results>/stations.nc",
        dropped="<results>/targets/dropped.tsv",
    log:
        "<logs>/somo_stations.log",
    benchmark:
        "<benchmarks>/somo_stations.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=W.stations_spec,
        code=W.code("somo-stations"),
    shell:
        "rssm somo-stations --records {input.records:q} --dropped {input.dropped:q}"
        " --spec {params.spec:q} --out {output.records:q} {output.dropped:q} 2> {log:q}"


rule somo_targets:
    input:
        stations="<results>/stations.nc",
        cubes=collect("<results>/cubes/{cube_tile}.nc", cube_tile=W.soil_cubes),
    output:
        targets="<results>/targets/layer{layer}.nc",
        dropped="<results>/targets/layer{layer}_dropped.tsv",
    log:
        "<logs>/somo_targets/{layer}.log",
    benchmark:
        "<benchmarks>/somo_targets/{layer}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=W.target_spec,
        code=W.code("somo-targets"),
    shell:
        "rssm somo-targets {wildcards.layer:q} --stations {input.stations:q} --cubes {input.cubes:q}"
        " --spec {params.spec:q} --out {output.targets:q} {output.dropped:q} 2> {log:q}"


rule somo_sites:
    input:
        targets=collect("<results>/targets/layer{layer}.nc", layer=LAYERS),
        cubes=collect("<results>/cubes/{cube_tile}.nc", cube_tile=W.all_cubes),
    output:
        "<results>/sites.nc",
    log:
        "<logs>/somo_sites.log",
    benchmark:
        "<benchmarks>/somo_sites.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=4000,
    params:
        spec=W.sites_spec,
        code=W.code("somo-sites"),
    shell:
        "rssm somo-sites --targets {input.targets:q} --cubes {input.cubes:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"
