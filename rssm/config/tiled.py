from pydantic import Field

from rssm.config.product import About, Release
from rssm.config.section import Section


class TiledDataSet(Section):
    release: Release = Field(Release(), description="Edition.")
    about: About = Field(About(), description="Texts.")
