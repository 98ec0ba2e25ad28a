/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Finds the functions by name. Sources: dlopen(3), dlsym(3); POSIX dlsym() for the way from an object pointer to a
 * function pointer, which C itself does not have.
 */
#include "usb_library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} functions[] = {
#define USB_LIBRARY_ROW(name) {"libusb_" #name, offsetof(usb_library_t, name)},
    USB_LIBRARY_FUNCTIONS(USB_LIBRARY_ROW)};

bool usb_library_load(usb_library_t *out_library)
{
    void *library = dlopen("libusb-1.0.so.0", RTLD_NOW); /* the name that its ABI has */

    if (library == NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        void *function = dlsym(library, functions[i].name);

        if (function == NULL) {
            (void)dlclose(library);
            return false;
        }
        memcpy((char *)out_library + functions[i].offset, &function, sizeof(function));
    }
    return true;
}
