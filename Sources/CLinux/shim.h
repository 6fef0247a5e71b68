// What Linux offers to processes that watch over others, and Swift cannot call: functions with variable arguments and
// headers outside of the C library's module.
#pragma once
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Orphaned descendants become children of this process.
static inline int linux_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

/// The name in process lists, at most 15 bytes.
static inline int linux_set_name(const char *name) { return prctl(PR_SET_NAME, name, 0, 0, 0); }

/// A descriptor that becomes readable when one of the (blocked) signals arrives.
static inline int linux_signal_descriptor(const sigset_t *set) { return signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK); }

/// Takes one signal from such a descriptor; 0 when there is none.
static inline int linux_next_signal(int descriptor) {
    struct signalfd_siginfo info;
    return read(descriptor, &info, sizeof info) == sizeof info ? (int)info.ssi_signo : 0;
}

/// A descriptor that becomes readable when the process ends; -1 when there is no such process.
static inline int linux_process_descriptor(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

/// Only for processes with one thread.
static inline pid_t linux_fork(void) { return fork(); }

// Declared by spawn.h only for GNU sources.
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);

/// The program that is spawned gets none of the descriptors from this one on.
static inline int linux_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

/// The program that is spawned begins in this folder.
static inline int linux_spawn_chdir(posix_spawn_file_actions_t *actions, const char *folder) {
    return posix_spawn_file_actions_addchdir_np(actions, folder);
}

/// The program that is spawned leads a session of its own, with the signals that the attributes name.
static inline int linux_spawn_in_session(posix_spawnattr_t *attributes) {
    const short in_session = 0x80;
    return posix_spawnattr_setflags(attributes, in_session | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}
