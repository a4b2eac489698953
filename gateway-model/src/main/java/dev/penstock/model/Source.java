package dev.penstock.model;

/**
 * Who wrote a thing: the Kubernetes object, and where it stands when it came from a file. Every
 * diagnostic, route and metric label can name its author by this.
 *
 * @param kind the object's kind, such as {@code Ingress}; empty when a file could not be parsed as
 *     far as that
 * @param namespace the object's namespace; empty for cluster-scoped objects
 * @param name the object's name; empty when unknown
 * @param file the file, relative to the configured directory; empty when the object came from the
 *     API
 * @param line 1-based line of the object (or of the fault) in the file; 0 = unknown
 * @param column 1-based column; 0 = unknown
 */
public record Source(String kind, String namespace, String name, String file, int line, int column)
    implements Comparable<Source> {
  public Source {
    Check.inRange("line", line, 0, Integer.MAX_VALUE);
    Check.inRange("column", column, 0, Integer.MAX_VALUE);
  }

  /** An object that came from the API. */
  public static Source of(String kind, String namespace, String name) {
    return new Source(kind, namespace, name, "", 0, 0);
  }

  /** A place in a file that belongs to no object that could be read. */
  public static Source ofFile(String file, int line, int column) {
    return new Source("", "", "", file, line, column);
  }

  /** The same object, at another place of its file. */
  public Source at(int newLine, int newColumn) {
    if (newLine == line && newColumn == column) return this;
    return new Source(kind, namespace, name, file, newLine, newColumn);
  }

  /** {@code file:line:column}, as much of it as is known; empty without a file. */
  public String place() {
    if (file.isEmpty() || line == 0) return file;
    return column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
  }

  /** {@code Kind namespace/name}, as much of it as is known. */
  public String object() {
    String path = namespace.isEmpty() ? name : namespace + "/" + name;
    return kind.isEmpty() || path.isEmpty() ? kind + path : kind + " " + path;
  }

  /** By object and place; consistent with equals. */
  @Override
  public int compareTo(Source other) {
    int order = kind.compareTo(other.kind);
    if (order == 0) order = namespace.compareTo(other.namespace);
    if (order == 0) order = name.compareTo(other.name);
    if (order == 0) order = file.compareTo(other.file);
    if (order == 0) order = Integer.compare(line, other.line);
    return order == 0 ? Integer.compare(column, other.column) : order;
  }

  /** {@code file:line:column: Kind namespace/name}, for a person. */
  @Override
  public String toString() {
    if (file.isEmpty()) return object();
    return object().isEmpty() ? place() : place() + ": " + object();
  }
}
