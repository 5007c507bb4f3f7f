#pragma once

#include <rowan/core/text.hpp>
#include <rowan/query/any_sink.hpp>
#include <rowan/query/fault_error.hpp>
#include <rowan/query/scope.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/schema/dialect.hpp>
#include <rowan/types/stored.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

/// Statements whose parts are chosen when the program runs. Each part was checked by the compiler; only which of them
/// are there is not known before.
namespace rowan::detail {

/// A condition on T's table, or an assignment to one of its columns.
template <class T>
class RunTimePart {
public:
    RunTimePart() = default;
    RunTimePart(const RunTimePart&) = delete;
    RunTimePart& operator=(const RunTimePart&) = delete;
    virtual ~RunTimePart() = default;

    virtual void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) const = 0;
    virtual void list_forms(std::vector<Form>& forms) const = 0;
    virtual ValueFault put(AnySink& sink) const = 0;
};

/// `Shape::write` is called through `Writer`.
template <class T, class Shape, class Writer, class... Held>
class TypedPart final : public RunTimePart<T> {
public:
    explicit TypedPart(std::tuple<Held...> values) : values_{std::move(values)} {}

    void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) const override {
        Writer::template write<T, Shape>(out, dialect, parameter);
    }
    void list_forms(std::vector<Form>& forms) const override {
        for (const Form form : forms_of(Parameters{})) forms.push_back(form);
    }
    ValueFault put(AnySink& sink) const override { return put_values(Parameters{}, sink, values_); }

private:
    using Parameters = typename Shape::template Parameters<TableScope<T>>;

    std::tuple<Held...> values_;
};

struct ConditionWriter {
    template <class T, class Shape>
    static void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        write_inside<Shape, TableScope<T>>(out, dialect, parameter, Binding::conjunction);
    }
};

struct AssignmentWriter {
    template <class T, class Shape>
    static void write(TextWriter& out, const Dialect& dialect, std::size_t& parameter) {
        Shape::template write<T, TableScope<T>>(out, dialect, parameter);
    }
};

template <class T, class Writer, class Shape, class... Held>
std::shared_ptr<const RunTimePart<T>> make_part(std::tuple<Held...> values) {
    return std::make_shared<TypedPart<T, Shape, Writer, Held...>>(std::move(values));
}

template <class T>
using RunTimeParts = std::vector<std::shared_ptr<const RunTimePart<T>>>;

template <class T>
void write_parts(TextWriter& out, const Dialect& dialect, std::size_t& parameter, const RunTimeParts<T>& parts,
                 std::string_view separator) {
    Separator between{separator};
    for (const auto& part : parts) {
        out << between;
        part->write(out, dialect, parameter);
    }
}

template <class T>
ValueFault put_parts(const RunTimeParts<T>& parts, AnySink& sink) {
    ValueFault found;
    for (const auto& part : parts) {
        found = part->put(sink);
        if (found) break;
    }
    return found;
}

template <class T>
std::vector<Form> forms_of_parts(const RunTimeParts<T>& parts) {
    std::vector<Form> forms;
    for (const auto& part : parts) part->list_forms(forms);
    return forms;
}

/// What `write(out)` writes, as a string.
template <class Write>
std::string run_time_text(Write write) {
    TextWriter measure;
    write(measure);
    std::string text(measure.size(), '\0');
    TextWriter fill{text.data()};
    write(fill);
    return text;
}

/// A text that was made at run time, as a statement.
class RunTimeStatement {
public:
    RunTimeStatement(std::string text, std::vector<Form> forms)
        : text_{std::move(text)},
          forms_{std::move(forms)},
          statement_{text_, {forms_.data(), forms_.size()}, Statement::Kept::no} {}

    [[nodiscard]] const Statement& statement() const { return statement_; }

private:
    std::string text_;
    std::vector<Form> forms_;
    Statement statement_;
};

}  // namespace rowan::detail
