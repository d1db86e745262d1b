#include <sys/prctl.h>

/* prctl takes a variable number of arguments, which Swift cannot call. */
static inline int linux_forbid_core_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
static inline int linux_may_dump_core(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0); }
