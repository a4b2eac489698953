package dev.penstock.testkit;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The rules of {@link Tidy} that need a syntax tree; of one file. */
final class TidyScanner extends TreeScanner<@Nullable Void, @Nullable Void> {
  static final String SLEEPS = "sleeps: wait for the event, or move a virtual clock";
  static final String PRINTS = "prints to the standard output or error";

  /** Lines, from the first annotation to the last brace. */
  static final int METHOD_LINES_MAX = 70;

  /** The components of a record are not counted. */
  static final int PARAMETERS_MAX = 6;

  /**
   * Control statements (if, loops, switch, try, synchronized) inside each other; {@code else if} is
   * no deeper than its if, a lambda is as deep as the place where it stands, a local or anonymous
   * class begins anew.
   */
  static final int NESTING_MAX = 3;

  /** As words of a camel-case name: Implementation and Abstraction are none of them. */
  private static final Pattern BANNED_NAME =
      Pattern.compile("(Utils?|Helpers?|Managers?|Impl)(?![a-z])|^Abstract(?![a-z])");

  /** Called with a 1-based line. */
  interface Sink {
    void add(long line, String what);
  }

  private final CompilationUnitTree unit;
  private final SourcePositions positions;
  private final Sink sink;
  private int nesting;
  private boolean inRecord;

  private TidyScanner(CompilationUnitTree unit, SourcePositions positions, Sink sink) {
    this.unit = unit;
    this.positions = positions;
    this.sink = sink;
  }

  static void scan(String path, String text, Sink sink) {
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("source:///" + path), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
          }
        };
    JavacTask task =
        (JavacTask)
            ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, diagnostic -> {}, List.of("-proc:none"), null, List.of(file));
    try {
      for (CompilationUnitTree unit : task.parse()) {
        SourcePositions positions = Trees.instance(task).getSourcePositions();
        new TidyScanner(unit, positions, sink).scan(unit, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
    if (BANNED_NAME.matcher(tree.getSimpleName()).find()) {
      sink.add(line(tree), "class name '" + tree.getSimpleName() + "' says nothing");
    }
    boolean outerInRecord = inRecord;
    int outerNesting = nesting;
    inRecord = tree.getKind() == Tree.Kind.RECORD;
    nesting = 0;
    super.visitClass(tree, null);
    inRecord = outerInRecord;
    nesting = outerNesting;
    return null;
  }

  @Override
  public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
    long lines = lineAt(positions.getEndPosition(unit, tree)) - line(tree) + 1;
    if (lines > METHOD_LINES_MAX) {
      sink.add(line(tree), "method of " + lines + " lines, at most " + METHOD_LINES_MAX);
    }
    int parameters = tree.getParameters().size();
    boolean components = inRecord && tree.getName().contentEquals("<init>");
    if (parameters > PARAMETERS_MAX && !components) {
      sink.add(line(tree), parameters + " parameters, at most " + PARAMETERS_MAX);
    }
    return super.visitMethod(tree, null);
  }

  @Override
  public @Nullable Void visitMemberSelect(MemberSelectTree tree, @Nullable Void nothing) {
    switch (tree.toString()) {
      case "System.out", "System.err" -> sink.add(line(tree), PRINTS);
      case "Thread.sleep" -> sink.add(line(tree), SLEEPS);
      default -> {
        boolean sleeps = tree.getIdentifier().contentEquals("sleep");
        if (sleeps && tree.toString().startsWith("TimeUnit.")) sink.add(line(tree), SLEEPS);
      }
    }
    return super.visitMemberSelect(tree, null);
  }

  @Override
  public @Nullable Void visitIf(IfTree tree, @Nullable Void nothing) {
    enter(tree);
    scan(tree.getCondition(), null);
    scan(tree.getThenStatement(), null);
    boolean elseIf = tree.getElseStatement() instanceof IfTree;
    if (elseIf) nesting--;
    scan(tree.getElseStatement(), null);
    if (!elseIf) nesting--;
    return null;
  }

  @Override
  public @Nullable Void visitForLoop(ForLoopTree tree, @Nullable Void nothing) {
    enter(tree);
    super.visitForLoop(tree, null);
    nesting--;
    return null;
  }

  @Override
  public @Nullable Void visitEnhancedForLoop(EnhancedForLoopTree tree, @Nullable Void nothing) {
    enter(tree);
    super.visitEnhancedForLoop(tree, null);
    nesting--;
    return null;
  }

  @Override
  public @Nullable Void visitWhileLoop(WhileLoopTree tree, @Nullable Void nothing) {
    enter(tree);
    super.visitWhileLoop(tree, null);
    nesting--;
    return null;
  }

  @Override
  public @Nullable Void visitDoWhileLoop(DoWhileLoopTree tree, @Nullable Void nothing) {
    enter(tree);
    super.visitDoWhileLoop(tree, null);
    nesting--;
    return null;
  }

  @Override
  public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void nothing) {
    enter(tree);
    super.visitSwitch(tree, null);
    nesting--;
    return null;
  }

  @Override
  public @Nullable Void visitSwitchExpression(SwitchExpressionTree tree, @Nullable Void nothing) {
    enter(tree);
    super.visitSwitchExpression(tree, null);
    nesting--;
    return null;
  }

  @Override
  public @Nullable Void visitTry(TryTree tree, @Nullable Void nothing) {
    enter(tree);
    super.visitTry(tree, null);
    nesting--;
    return null;
  }

  @Override
  public @Nullable Void visitSynchronized(SynchronizedTree tree, @Nullable Void nothing) {
    enter(tree);
    super.visitSynchronized(tree, null);
    nesting--;
    return null;
  }

  private void enter(Tree tree) {
    nesting++;
    if (nesting == NESTING_MAX + 1) {
      sink.add(line(tree), "nested " + nesting + " deep, at most " + NESTING_MAX);
    }
  }

  private long line(Tree tree) {
    return lineAt(positions.getStartPosition(unit, tree));
  }

  private long lineAt(long position) {
    return unit.getLineMap().getLineNumber(position);
  }
}
