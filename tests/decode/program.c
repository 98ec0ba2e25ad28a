/* SPDX-FileCopyrightText: 2026 esp-loader contributors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A target's program: inlined and ordinary functions, one that calls itself, a large frame. On RISC-V it is C++, runs
 * under Linux, and prints registers and stack where it stops, as ESP-IDF's panic handler does (component esp_system).
 * For Xtensa it is only looked up.
 */
typedef unsigned int word;

volatile word input = 3;
volatile word sink;
word top_of_stack;

static void stop_here(void);

#ifdef __cplusplus
namespace motor
{
struct Driver {
    word speed;
    __attribute__((noinline)) void turn(word by);
};
#define DRIVER_METHOD(name) void Driver::name(word by)
#else
struct Driver {
    word speed;
};
#define DRIVER_METHOD(name) static __attribute__((noinline)) void name(struct Driver *self, word by)
#endif

static inline __attribute__((always_inline)) word twice(word value)
{
    word result = value + input;
    stop_here();
    return result * 2;
}

static inline __attribute__((always_inline)) word four_times(word value)
{
    return twice(twice(value));
}

DRIVER_METHOD(turn)
{
    word table[300];

    for (word i = 0; i < 300; i++) {
        table[i] = by + i + input;
    }
    sink = four_times(table[input]) + table[input + 1];
}

#ifdef __cplusplus
} // namespace motor
#define TURN(driver, by) (driver).turn(by)
typedef motor::Driver driver_t;
extern "C" {
#else
#define TURN(driver, by) turn(&(driver), by)
typedef struct Driver driver_t;
#endif

__attribute__((noinline)) word descend(word depth)
{
    if (depth == 0) {
        driver_t driver = {input};

        TURN(driver, depth);
        return driver.speed;
    }
    return descend(depth - 1) + depth * input;
}

int main(void)
{
    sink = descend(input);
    return (int)sink;
}

void _start(void)
{
    top_of_stack = (word)__builtin_frame_address(0);
    (void)main();
    for (;;) {
    }
}

#ifdef __cplusplus
}

/** Linux, RISC-V: write(1, text, length), exit(0). */
static word call_linux(word number, word a, word b, word c)
{
    register word a0 __asm__("a0") = a;
    register word a1 __asm__("a1") = b;
    register word a2 __asm__("a2") = c;
    register word a7 __asm__("a7") = number;

    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
    return a0;
}

static void print(const char *text)
{
    word length = 0;

    while (text[length] != '\0') {
        length++;
    }
    (void)call_linux(64, 1, (word)text, length);
}

static void print_hex(word value)
{
    char digits[9];

    for (word i = 0; i < 8; i++) {
        digits[i] = "0123456789abcdef"[value >> (28 - 4 * i) & 15];
    }
    digits[8] = '\0';
    print(digits);
}

static const char *const names[32] = {
    "MEPC", "RA", "SP", "GP", "TP", "T0", "T1", "T2", "S0/FP", "S1", "A0",  "A1",  "A2", "A3", "A4", "A5",
    "A6",   "A7", "S2", "S3", "S4", "S5", "S6", "S7", "S8",    "S9", "S10", "S11", "T3", "T4", "T5", "T6",
};

extern "C" word saved[32];
word saved[32];

extern "C" [[noreturn]] void report(void)
{
    print("Guru Meditation Error: Core  0 panic'ed (Load access fault). Exception was unhandled.\r\n\r\n");
    print("Core  0 register dump:\r\n");
    for (word i = 0; i < 32; i++) {
        word length = 0;

        print(names[i]);
        while (names[i][length] != '\0') {
            length++;
        }
        for (; length < 8; length++) {
            print(" ");
        }
        print(": 0x");
        print_hex(saved[i]);
        print(i % 4 == 3 ? "  \r\n" : "  ");
    }
    print("MHARTID : 0x00000000  \r\n\r\nStack memory:\r\n");
    for (word row = saved[2]; row < top_of_stack; row += 32) {
        print_hex(row);
        print(":");
        for (word i = 0; i < 32; i += 4) {
            print(" 0x");
            print_hex(*(const word *)(row + i));
        }
        print("\r\n");
    }
    print("\r\n\r\nRebooting...\r\n");
    (void)call_linux(93, 0, 0, 0);
    for (;;) {
    }
}

/** Keeps every register as it is here, and the address of here, and reports. */
static inline __attribute__((always_inline)) void stop_here(void)
{
    __asm__ volatile("addi sp, sp, -16\n"
                     "sw t0, 0(sp)\n"
                     "la t0, saved\n"
                     "sw ra, 4(t0)\n"
                     "sw gp, 12(t0)\n"
                     "sw tp, 16(t0)\n"
                     "sw t1, 24(t0)\n"
                     "sw t2, 28(t0)\n"
                     "sw s0, 32(t0)\n"
                     "sw s1, 36(t0)\n"
                     "sw a0, 40(t0)\n"
                     "sw a1, 44(t0)\n"
                     "sw a2, 48(t0)\n"
                     "sw a3, 52(t0)\n"
                     "sw a4, 56(t0)\n"
                     "sw a5, 60(t0)\n"
                     "sw a6, 64(t0)\n"
                     "sw a7, 68(t0)\n"
                     "sw s2, 72(t0)\n"
                     "sw s3, 76(t0)\n"
                     "sw s4, 80(t0)\n"
                     "sw s5, 84(t0)\n"
                     "sw s6, 88(t0)\n"
                     "sw s7, 92(t0)\n"
                     "sw s8, 96(t0)\n"
                     "sw s9, 100(t0)\n"
                     "sw s10, 104(t0)\n"
                     "sw s11, 108(t0)\n"
                     "sw t3, 112(t0)\n"
                     "sw t4, 116(t0)\n"
                     "sw t5, 120(t0)\n"
                     "sw t6, 124(t0)\n"
                     "lw t1, 0(sp)\n"
                     "sw t1, 20(t0)\n"
                     "addi sp, sp, 16\n"
                     "sw sp, 8(t0)\n"
                     "1: auipc t1, 0\n"
                     "sw t1, 0(t0)\n"
                     "j report\n" ::
                         : "memory");
}
#else
static inline __attribute__((always_inline)) void stop_here(void)
{
    sink = input;
}
#endif
