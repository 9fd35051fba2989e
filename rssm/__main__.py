"""`python -m rssm` is the command line."""

import sys

from rssm.cli import main

sys.exit(main())
