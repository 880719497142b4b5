import sys

from server.record.migrations import write_next

write_next(sys.argv[1])
