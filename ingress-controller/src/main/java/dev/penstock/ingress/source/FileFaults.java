package dev.penstock.ingress.source;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * What an operator should read of a failed file access: the JDK's messages are often the bare path.
 */
final class FileFaults {
  private FileFaults() {}

  /** One line, without the path. */
  static String reason(IOException fault) {
    return switch (fault) {
      case NoSuchFileException ignored -> "no such file or directory";
      case AccessDeniedException ignored -> "permission denied";
      case NotDirectoryException ignored -> "not a directory";
      case FileSystemLoopException ignored -> "a symbolic link leads back to a directory above it";
      case FileSystemException other when other.getReason() != null ->
          ManifestText.oneLine(other.getReason());
      default -> ManifestText.oneLine(fault.getMessage());
    };
  }
}
