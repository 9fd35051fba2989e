"""Networks → daily estimates of a tile, year after year: the state of each year is handed on to the next."""


rule somo_near:
    input:
        sites="<results>/sites.nc",
        cubes="<results>/cubes/STATICS/{tile}.nc",
    output:
        "<results>/near/{tile}.nc",
    log:
        "<logs>/somo_near/{tile}.log",
    benchmark:
        "<benchmarks>/somo_near/{tile}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        spec=W.near_spec,
        code=W.code("somo-near"),
    shell:
        "rssm somo-near {wildcards.tile:q} --sites {input.sites:q} --cubes {input.cubes:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule somo_simulate:
    input:
        networks=[path for path in SCOPE.networks if path.endswith(".nc")],
        cubes=[
            "<results>/cubes/FORCING/{tile}.nc",
            "<learnt>/cubes/STATICS/{tile}.nc",
        ],
        state=W.state,
        near="<learnt>/near/{tile}.nc",
        calibration=[path for path in SCOPE.networks if path.endswith(".tsv")],
    output:
        estimates=passing(SCOPE.run.keep.simulated)(
            "<results>/simulated/{year}/{tile}.nc"
        ),
        state="<results>/simulated/{year}/{tile}_state.nc",
    log:
        "<logs>/somo_simulate/{year}/{tile}.log",
    benchmark:
        "<benchmarks>/somo_simulate/{year}/{tile}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=W.simulate_spec,
        code=W.code("somo-simulate"),
    shell:
        "rssm somo-simulate {wildcards.year:q} {wildcards.tile:q} --networks {input.networks:q} --cubes {input.cubes:q}"
        " --state {input.state:q} --calibration {input.calibration:q} --near {input.near:q}"
        " --spec {params.spec:q} --out {output.estimates:q} {output.state:q} 2> {log:q}"
