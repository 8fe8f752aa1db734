/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The echo, discard and character generator services behind the programs of those names.
 */
#ifndef APPS_LIB_SMALL_SERVICES_H
#define APPS_LIB_SMALL_SERVICES_H

enum small_service { SERVICE_ECHO = 1, SERVICE_DISCARD = 2, SERVICE_CHARGEN = 4 };

/*
 * Parse the options (-o OFFSET added to the ports, -t TCP only, -u UDP only, -e -d -c choose
 * services besides @chosen) and serve until the end of the machine; 1 if nothing can be served.
 */
int small_services_main(int argc, char **argv, unsigned int chosen);

#endif
