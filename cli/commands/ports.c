/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * esp-loader ports: lists what is plugged in. Opens nothing.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands/command.h"
#include "session/json_report.h"
#include "ports/port_list.h"

enum { COLUMN_COUNT = 7 };

static const char *const titles[COLUMN_COUNT] = {"PORT", "FLASH",         "USB ID", "PLACE",
                                                 "WHAT", "SERIAL NUMBER", "PRODUCT"};

/** The same for programs. */
static const char *const names[COLUMN_COUNT] = {"port", "flash",  "usb_id", "place",
                                                "what", "serial", "product"};

typedef struct {
    session_options_t session;
    bool is_tsv;
    port_entry_t *entries;
    size_t count;
} list_t;

typedef struct {
    char id[16];
    const char *columns[COLUMN_COUNT];
} row_t;

static const char *word_of(usb_flash_t flash)
{
    switch (flash) {
    case USB_FLASH_YES:
        return "yes";
    case USB_FLASH_NO:
        return "no";
    case USB_FLASH_MAYBE:
    default:
        return "maybe";
    }
}

/** The columns point into @p entry and @p row. */
static void fill(row_t *row, const port_entry_t *entry)
{
    const linux_device_t *device = &entry->device;
    const bool is_openable = entry->port[0] != '\0';

    row->id[0] = '\0';
    if (device->usb_vid != 0) {
        snprintf(row->id, sizeof(row->id), "%04x:%04x", device->usb_vid, device->usb_pid);
    }
    row->columns[0] = entry->port;
    row->columns[1] = is_openable ? word_of(entry->kind.flash) : "no";
    row->columns[2] = row->id;
    row->columns[3] = device->usb_path;
    row->columns[4] = entry->kind.name;
    row->columns[5] = device->serial;
    row->columns[6] = device->product;
}

/** Spaces after the columns but the last one. */
static void print_row(const char *const columns[COLUMN_COUNT], const int widths[COLUMN_COUNT])
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        const char *text = columns[i][0] != '\0' ? columns[i] : "-";

        if (i + 1 < COLUMN_COUNT) {
            printf("%-*s  ", widths[i], text);
        } else {
            printf("%s\n", text);
        }
    }
}

static void print_table(const port_entry_t *entries, size_t count)
{
    int widths[COLUMN_COUNT];
    row_t row;

    for (int i = 0; i < COLUMN_COUNT; i++) {
        widths[i] = (int)strlen(titles[i]);
    }
    for (size_t n = 0; n < count; n++) {
        fill(&row, &entries[n]);
        for (int i = 0; i < COLUMN_COUNT; i++) {
            int length = (int)strlen(row.columns[i]);
            widths[i] = length > widths[i] ? length : widths[i];
        }
    }
    print_row(titles, widths);
    for (size_t n = 0; n < count; n++) {
        fill(&row, &entries[n]);
        print_row(row.columns, widths);
    }
}

static void print_tabbed(const char *const columns[COLUMN_COUNT])
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        printf("%s%c", columns[i], i + 1 < COLUMN_COUNT ? '\t' : '\n');
    }
}

static void print_tsv(const port_entry_t *entries, size_t count)
{
    row_t row;

    print_tabbed(names);
    for (size_t n = 0; n < count; n++) {
        fill(&row, &entries[n]);
        print_tabbed(row.columns);
    }
}

static json_t *port_object(const void *ctx, size_t index)
{
    const list_t *list = ctx;
    json_t *port = json_object();
    row_t row;

    fill(&row, &list->entries[index]);
    for (int i = 0; i < COLUMN_COUNT; i++) {
        json_object_set_new(port, names[i], json_report_text(row.columns[i])); /* nothing when it is empty */
    }
    return port;
}

static json_t *ports_members(const session_t *session, const void *ctx)
{
    const list_t *list = ctx;

    (void)session;
    return json_pack("{s:o}", "ports", json_report_array(list->count, port_object, list));
}

static bool take_option(void *state, const option_value_t *value, char error[OPTION_ERROR_SIZE])
{
    list_t *list = state;

    if (value->option->id != OPTION_TSV) {
        return session_options_take(&list->session, value, error);
    }
    list->is_tsv = true;
    return true;
}

static cli_exit_t run_ports(void *state, operands_t operands)
{
    list_t *list = state;
    session_t session = {.options = &list->session};

    (void)operands;
    if (list->is_tsv && list->session.is_json) {
        return command_mistake(COMMAND_PORTS, "--tsv and --json are two forms: choose one");
    }
    list->entries = port_list_read(&list->count);
    if (list->is_tsv) {
        print_tsv(list->entries, list->count);
    } else if (!list->session.is_json && list->count == 0) {
        puts("No serial port and no board on USB.");
    } else if (!list->session.is_json) {
        print_table(list->entries, list->count);
    }
    cli_exit_t code = json_report_end(&session, CLI_OK, ports_members, list);
    free(list->entries);
    return code;
}

const command_t ports_command = {.state_size = sizeof(list_t),
                                 .session_offset = offsetof(list_t, session),
                                 .needs_no_port = true,
                                 .take = take_option,
                                 .run = run_ports};
