"""Jobs of analysis."""

from __future__ import annotations

from rssm.verbs.kinds import Verb

ANALYSIS = (
    Verb(
        "year-sums",
        "rssm.analysis.year:year_sums",
        "Reduce a year of a product to monthly means, sums of regions and means of 0.5° cells.",
        ("analysed", "year"),
        ("maps", "land", "climate"),
    ),
    Verb(
        "means",
        "rssm.analysis.means:means",
        "Join the years of a product: means, profiles, series of regions, anomalies.",
        (),
        ("years",),
    ),
    Verb(
        "trends",
        "rssm.analysis.trends:trend_maps",
        "Tell the trends of a product's pixels and regions.",
        (),
        ("means",),
    ),
    Verb(
        "difference",
        "rssm.analysis.trends:difference",
        "Tell by how much the data set and a reference differ, in mean and trend.",
        (),
        ("ours", "theirs"),
    ),
    Verb(
        "season",
        "rssm.analysis.season:season",
        "Fit the mean year of soil moisture and precipitation in 0.5° cells.",
        (),
        ("moisture", "precipitation", "land", "climate"),
    ),
    Verb(
        "analysis-tables",
        "rssm.analysis.tables:analysis_tables",
        "Write the tables of analysis.",
        (),
        ("means", "trends", "difference", "season"),
    ),
    Verb(
        "mean-map",
        "rssm.analysis.figures.means:mean_map",
        "Draw long-term means of the data set and a reference, and their difference.",
        (),
        ("means", "difference", "land"),
    ),
    Verb(
        "month-maps",
        "rssm.analysis.figures.means:month_maps",
        "Draw the mean of every month.",
        (),
        ("means", "land"),
    ),
    Verb(
        "latitude-profiles",
        "rssm.analysis.figures.profiles:latitude_profiles",
        "Draw means over latitude, of all months and by month.",
        (),
        ("means",),
    ),
    Verb(
        "series-figure",
        "rssm.analysis.figures.series:series_figure",
        "Draw series of the whole and of its regions.",
        (),
        ("means", "trends"),
    ),
    Verb(
        "trend-map",
        "rssm.analysis.figures.trends:trend_map",
        "Draw maps of trends.",
        (),
        ("trends", "difference", "land"),
    ),
    *(
        Verb(name, f"rssm.analysis.figures.seasons:{name.replace('-', '_')}", about, (), ("season",))
        for name, about in {
            "peak-maps": "Draw when soil moisture is highest and lowest.",
            "range-maps": "Draw the range of the mean year.",
            "rain-maps": "Draw the mean year of precipitation.",
            "correlation-maps": "Draw how soil moisture goes with precipitation.",
            "delay-map": "Draw how much later soil moisture peaks than precipitation.",
        }.items()
    ),
)
