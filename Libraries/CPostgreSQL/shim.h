// Debian keeps libpq's headers in a folder of their own. Naming it here, and not by pkg-config, spares everybody who builds
// SwiftPM's warnings about flags of libraries that libpq happens to use.
#if __has_include(<postgresql/libpq-fe.h>)
#include <postgresql/libpq-fe.h>
#else
#include <libpq-fe.h>
#endif
