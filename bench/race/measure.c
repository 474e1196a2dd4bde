/*
 * measure FILE COMMAND [ARGUMENT...]: runs a command to its end and writes "seconds kibibytes status" to FILE.
 *
 * Seconds are wall time around the whole process. Kibibytes are the peak resident memory as the kernel counts it (wait4), so
 * nothing is missed between two looks. Of a command with several processes it is that of the largest, not their sum.
 *
 * As small as this because a child starts out with its parent's peak: after fork and exec, Node's own would be the least
 * that could be measured.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  double started = now();
  pid_t child = fork();
  if (child < 0) return 2;
  if (child == 0) {
    execvp(argv[2], argv + 2);
    _exit(127);
  }
  int status;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) != child) return 2;
  double seconds = now() - started;
  FILE *report = fopen(argv[1], "w");
  if (report == NULL) return 2;
  int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  fprintf(report, "%.6f %ld %d\n", seconds, usage.ru_maxrss, code);
  return fclose(report) == 0 ? 0 : 2;
}
