"""What the packed program starts. It lies outside the packages, so that no module is found twice."""

import sys

from pitdesk_ui.__main__ import main

sys.exit(main())
