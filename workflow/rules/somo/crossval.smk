"""Skill where nothing was learnt: networks without a part of the targets, their scores, and the factors of uncertainty."""


rule somo_crossval:
    input:
        targets="<results>/targets/layer{layer}.nc",
        sites="<results>/sites.nc",
        above=collect(
            "<results>/crossval/{{scheme}}/layer{upper}/{{fold}}.nc", upper=W.above
        ),
    output:
        "<results>/crossval/{scheme}/layer{layer}/{fold}.nc",
    log:
        "<logs>/somo_crossval/{scheme}/{layer}/{fold}.log",
    benchmark:
        "<benchmarks>/somo_crossval/{scheme}/{layer}/{fold}.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=4000,
    params:
        spec=W.crossval_spec,
        code=W.code("somo-crossval"),
    shell:
        "rssm somo-crossval {wildcards.scheme:q} {wildcards.layer:q} {wildcards.fold:q}"
        " --targets {input.targets:q} --sites {input.sites:q} --above {input.above:q}"
        " --spec {params.spec:q} --out {output:q} 2> {log:q}"


rule somo_crossval_scores:
    input:
        crossval=collect(
            "<results>/crossval/{judged}.nc", judged=W.judged(*SCOPE.schemes)
        ),
        targets=collect("<results>/targets/layer{layer}.nc", layer=LAYERS),
        sites="<results>/sites.nc",
    output:
        scores="<results>/crossval/scores.tsv",
        cells="<results>/crossval/cells.tsv",
    log:
        "<logs>/somo_crossval_scores.log",
    benchmark:
        "<benchmarks>/somo_crossval_scores.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        spec=W.scores_spec,
        code=W.code("somo-crossval-scores"),
    shell:
        "rssm somo-crossval-scores --crossval {input.crossval:q} --targets {input.targets:q} --sites {input.sites:q}"
        " --spec {params.spec:q} --out {output.scores:q} {output.cells:q} 2> {log:q}"


rule somo_calibrate:
    input:
        crossval=collect("<results>/crossval/{judged}.nc", judged=W.calibrating),
        targets=collect("<results>/targets/layer{layer}.nc", layer=LAYERS),
    output:
        "<results>/calibration.tsv",
    log:
        "<logs>/somo_calibrate.log",
    benchmark:
        "<benchmarks>/somo_calibrate.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=2000,
    params:
        code=W.code("somo-calibrate"),
    shell:
        "rssm somo-calibrate --crossval {input.crossval:q} --targets {input.targets:q} --out {output:q} 2> {log:q}"


rule somo_crossval_page:
    input:
        scores="<results>/crossval/scores.tsv",
        published="<results>/given/published.tsv",
    output:
        "<results>/validation/crossval.md",
    log:
        "<logs>/somo_crossval_page.log",
    benchmark:
        "<benchmarks>/somo_crossval_page.tsv"
    conda:
        "../../../envs/rssm.yaml"
    resources:
        mem_mb=1000,
    params:
        code=W.code("somo-crossval-page"),
    shell:
        "rssm somo-crossval-page --scores {input.scores:q} --published {input.published:q} --out {output:q} 2> {log:q}"
