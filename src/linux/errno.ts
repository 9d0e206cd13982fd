import { constants } from "node:os";

/** Error numbers that are answered rather than thrown (errno(3)). */
export const { EADDRINUSE, EAGAIN, ECONNABORTED, EINPROGRESS, EINVAL, ENOBUFS, ENOENT, ENOMEM, EPERM } =
  constants.errno;
