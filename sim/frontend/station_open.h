/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Making a station with its chip and its endpoints, and its end.
 */
#ifndef FE_STATION_OPEN_H
#define FE_STATION_OPEN_H

#include "station.h"

/** Makes chip number @p index as the options say, with its flash file loaded and its endpoints listening.
 *  @param faults  the fault script, NULL = none
 *  @param trace   where the chip's trace goes, NULL = nowhere
 *  @return false with one sentence in @p error; fe_station_close() is due in either case. */
bool fe_station_open(fe_station_t *station, const fe_options_t *options, unsigned index, const char *faults,
                     FILE *trace, fe_shared_t *shared, char *error, size_t error_size);

/** Closes endpoints and chip; the flash file is not saved. */
void fe_station_close(fe_station_t *station);
/** Closes what the stations shared, after the last of them. */
void fe_shared_close(fe_shared_t *shared);

#endif
