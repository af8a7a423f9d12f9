document.documentElement.dataset.ready = 'form-editor';
