package dev.penstock.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.Attributes.Name;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of the distribution's jars what only costs: the manifests' lists of packages for OSGi,
 * which the JVM reads at each start (110 KB of text in interpreted code: 80 ms of processor time
 * and 9 MB of heap), and native libraries, which lie beside the jars. Classes that are too old for
 * the AOT cache become younger ones. Everything else stays as it is, licences included. Equal jars
 * come out equal.
 */
final class SlimJars {
  /** The cache takes no class of an older format, because those have no stack maps to verify by. */
  private static final int CACHED_FORMAT_MIN = ClassFile.JAVA_6_VERSION;

  private static final int NEW_FORMAT = ClassFile.JAVA_8_VERSION;

  /** What the JVM acts upon. */
  private static final List<Name> KEPT =
      List.of(Name.MULTI_RELEASE, Name.CLASS_PATH, Name.MAIN_CLASS, Name.IMPLEMENTATION_VERSION);

  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final String NATIVES = "META-INF/native";

  private SlimJars() {}

  /**
   * Every jar of the directory.
   *
   * @param natives where the native libraries go
   */
  static void in(Path libraries, Path natives) throws IOException {
    Files.createDirectories(natives);
    for (Path jar : DistributionBuild.files(libraries, "*.jar")) {
      FileTime time = Files.getLastModifiedTime(jar);
      try (FileSystem zip = FileSystems.newFileSystem(jar)) {
        moveNatives(zip.getPath(NATIVES), natives);
        slimManifest(zip.getPath(MANIFEST), time);
        renewClasses(zip.getPath("/"), time);
      }
      Files.setLastModifiedTime(jar, time);
    }
  }

  private static void moveNatives(Path from, Path to) throws IOException {
    if (!Files.exists(from)) return;
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".so")).toList()) {
        Files.move(file, to.resolve(file.getFileName().toString()));
      }
    }
  }

  /** picocli's are of Java 5: from the jar, verified anew at each start, they cost it 100 ms. */
  private static void renewClasses(Path root, FileTime time) throws IOException {
    List<Path> classes;
    try (Stream<Path> files = Files.walk(root)) {
      classes = files.filter(file -> file.toString().endsWith(".class")).toList();
    }
    ClassFile format =
        ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(type -> read(root, type))
                    .orElse(ClassHierarchyResolver.defaultResolver())));
    for (Path file : classes) {
      ClassModel old = format.parse(Files.readAllBytes(file));
      if (old.majorVersion() >= CACHED_FORMAT_MIN) continue;
      ClassTransform renewal =
          ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
              .andThen(SlimJars::inNewFormat);
      Files.write(file, format.transformClass(old, renewal));
      Files.setLastModifiedTime(file, time);
    }
  }

  private static void inNewFormat(ClassBuilder renewed, ClassElement element) {
    if (element instanceof ClassFileVersion) renewed.withVersion(NEW_FORMAT, 0);
    else renewed.with(element);
  }

  private static @Nullable InputStream read(Path root, ClassDesc type) {
    String name = type.packageName().replace('.', '/') + "/" + type.displayName() + ".class";
    Path file = root.resolve(name);
    try {
      return Files.exists(file) ? Files.newInputStream(file) : null;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(file.toString(), unreadable);
    }
  }

  private static void slimManifest(Path file, FileTime time) throws IOException {
    if (!Files.exists(file)) return;
    Manifest full;
    try (InputStream in = Files.newInputStream(file)) {
      full = new Manifest(in);
    }
    if (!full.getEntries().isEmpty()) return; // signed, or packages with attributes of their own
    Manifest slim = new Manifest();
    Attributes attributes = slim.getMainAttributes();
    attributes.put(Name.MANIFEST_VERSION, "1.0");
    for (Name name : KEPT) {
      String value = full.getMainAttributes().getValue(name);
      if (value != null) attributes.put(name, value);
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    slim.write(text);
    Files.write(file, text.toByteArray());
    Files.setLastModifiedTime(file, time);
  }
}
