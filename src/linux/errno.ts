import { constants } from "node:os";

/** Error numbers that are answered rather than thrown (errno(3)). */
export const { EAGAIN, EBADF, EBUSY, EEXIST, EINTR, EINVAL, ENOBUFS, ENOENT, ENOTCONN, ESRCH } =
  constants.errno;
