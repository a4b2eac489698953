package dev.penstock.app;

import dev.penstock.ingress.source.ClusterView;
import dev.penstock.ingress.source.ConfigMapNames;
import dev.penstock.ingress.source.DirectorySource;
import dev.penstock.ingress.source.Translator;
import dev.penstock.ingress.translate.IngressTranslator;
import dev.penstock.ingress.translate.TranslationMemory;
import dev.penstock.ingress.translate.TranslationOptions;
import dev.penstock.model.Diagnostic;
import dev.penstock.model.Publication;
import dev.penstock.model.Translation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A directory of manifests (or one file), and how it is translated in standalone mode. */
final class Manifests {
  private Manifests() {}

  /** Every Ingress, or those of one class. */
  static Translator translator(
      Optional<String> ingressClass, ConfigMapNames configMaps, InstantSource clock) {
    TranslationMemory memory = new TranslationMemory();
    return (view, previous) ->
        IngressTranslator.translate(
            view,
            previous,
            TranslationOptions.standalone(configMaps, ingressClass, clock.instant()),
            memory);
  }

  /** Reads and translates once; the diagnostics of both. */
  static Translation<Publication> translateOnce(
      Path path, Optional<String> ingressClass, ConfigMapNames configMaps) throws CliFailure {
    InstantSource clock = InstantSource.system();
    try (DirectorySource source = new DirectorySource(path, clock, configMaps.all())) {
      Translation<ClusterView> view = source.readFirst();
      Translation<Publication> translated =
          translator(ingressClass, configMaps, clock).translate(view.value(), Publication.EMPTY);
      List<Diagnostic> diagnostics = new ArrayList<>(view.diagnostics());
      diagnostics.addAll(translated.diagnostics());
      return new Translation<>(translated.value(), diagnostics);
    } catch (IOException unreadable) {
      throw unreadable(path, unreadable);
    }
  }

  /** Nothing of it could be read: not the fault of one file. */
  static CliFailure unreadable(Path path, IOException why) {
    return CliFailure.usage(
        "%s; name a directory of manifests that can be read, or one file"
            .formatted(reason(path, why)));
  }

  private static String reason(Path path, IOException why) {
    if (!Files.exists(path)) return "cannot read " + path + ": there is no such file or directory";
    if (!Files.isReadable(path)) return "cannot read " + path + ": permission denied";
    return String.valueOf(why.getMessage());
  }

  static long count(List<Diagnostic> diagnostics, Diagnostic.Level level) {
    return diagnostics.stream().filter(diagnostic -> diagnostic.level() == level).count();
  }

  /** {@code 1 error, 2 warnings}. */
  static String summary(List<Diagnostic> diagnostics) {
    long errors = count(diagnostics, Diagnostic.Level.ERROR);
    long warnings = count(diagnostics, Diagnostic.Level.WARNING);
    return counted(errors, "error") + ", " + counted(warnings, "warning");
  }

  /** {@code 1 route}, {@code 2 routes}. */
  static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
