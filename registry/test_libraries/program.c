// SPDX-License-Identifier: Apache-2.0
// Makes a program of library.c.

int main(void) {
    return 0;
}
