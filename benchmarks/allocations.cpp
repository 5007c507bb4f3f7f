// A library that counts allocations, to be preloaded: what is timed runs without it.

#include <cstddef>
#include <cstdlib>
#include <new>

extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
}

namespace {

// The benchmarks have one thread.
unsigned long calls_of_new = 0;
unsigned long calls_of_malloc = 0;

}  // namespace

extern "C" {

void* malloc(std::size_t size) {
    ++calls_of_malloc;
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    ++calls_of_malloc;
    return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
    ++calls_of_malloc;
    return __libc_realloc(old, size);
}

void rowan_count_allocations(unsigned long* of_new, unsigned long* of_malloc) {
    *of_new = calls_of_new;
    *of_malloc = calls_of_malloc;
}

}  // extern "C"

void* operator new(std::size_t size) {
    ++calls_of_new;
    void* memory = malloc(size);
    if (memory == nullptr) throw std::bad_alloc{};
    return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
